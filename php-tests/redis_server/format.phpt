--TEST--
Redis\Server::format(): every kind of reply, values of arrays by their type, and what is refused
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

use Swoole\Redis\Server;

function show(mixed ...$arguments): void
{
    try {
        echo strtr(Server::format(...$arguments), ["\r\n" => '|']), "\n";
    } catch (Throwable $error) {
        echo get_class($error), ' ', $error->getCode(), ': ', $error->getMessage(), "\n";
    }
}

final class Text
{
    public function __toString(): string
    {
        // the array that is being written is not changed by this
        $GLOBALS['list'] = [];
        return 'text';
    }
}

show(Server::ERROR);
show(Server::ERROR, 'ERR no');
show(Server::NIL);
show(Server::STATUS);
show(Server::STATUS, '');
show(Server::STATUS, "one\r\n+two");
show(Server::INT, '12 apples');
show(Server::STRING, "a\r\nb");
show(Server::STRING, '');
show(Server::STRING, null);
show(Server::STRING, 1.5);
show(Server::SET, []);
show(Server::SET, [1, 'a', true, false, null, 1.5, [1, [2]], ['k' => 1], 9 => 'x']);
show(Server::MAP, ['a' => 1, 5 => 'b', -2 => [3 => null]]);
$list = [1, new Text(), 2];
$holder = [&$list];
show(Server::SET, $holder);
show(Server::INT);
show(Server::STRING);
show(Server::SET);
show(Server::MAP, 'x');
show(99);
show(Server::SET, [new stdClass()]);
$loop = [1];
$loop[] = &$loop;
show(Server::SET, $loop);
?>
--EXPECT--
-ERR|
-ERR no|
$-1|
+OK|
+|
+one  +two|
:12|
$4|a|b|
$0||
$0||
$3|1.5|
*0|
*9|:1|$1|a|:1|:0|$-1|$3|1.5|*2|:1|*1|:2|*2|$1|k|:1|$1|x|
*6|$1|a|:1|$1|5|$1|b|$2|-2|*2|$1|3|$-1|
*1|*3|:1|$4|text|:2|
Swoole\Exception 505: require more parameters
Swoole\Exception 505: require more parameters
Swoole\Exception 505: require more parameters
Swoole\Exception 505: the second parameter should be an array
Swoole\Exception 505: Unknown type[99]
Error 0: Object of class stdClass could not be converted to string
Swoole\Exception 505: the arrays are nested too deeply
