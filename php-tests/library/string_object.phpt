--TEST--
StringObject: every method; only append() changes the object itself
--FILE--
<?php

declare(strict_types=1);

use Swoole\StringObject;

$string = new StringObject('Hello World');
$show = static function (string $method, mixed ...$arguments) use ($string): void {
    $result = $string->$method(...$arguments);
    $type = $result instanceof StringObject ? 'object' : get_debug_type($result);
    echo "$method: $type ", json_encode(is_object($result) ? ($result instanceof Stringable ? (string) $result : $result->toArray()) : $result), "\n";
};
$show('length');
$show('indexOf', 'o');
$show('indexOf', 'o', 5);
$show('lastIndexOf', 'o');
$show('pos', 'x');
$show('rpos', 'o', -5);
$show('ipos', 'WORLD');
$show('contains', 'lo W');
$show('startsWith', '');
$show('endsWith', 'World');
$show('endsWith', 'Hello World, longer');
$show('equals', 'Hello World', true);
$show('equals', new StringObject('Hello'));
$show('char', 4);
$show('char', -1);
$show('char', 50);
$show('lower');
$show('upper');
$show('reverse');
$show('trim', 'Hd');
$show('substr', 2, 3);
$show('substr', -3);
$show('repeat', 2);
$show('split', ' ');
$show('split', 'o', 2);
$show('chunkSplit', 6, '-');
$show('chunk', 4);
$show('replace', 'o', '0');
$show('append', 5);
$show('toString');

$count = null;
echo $string->replace('l', 'L', $count), " $count\n";
var_dump((new StringObject(" \t0 x0\n"))->trim()->toString(), (new StringObject('0a0'))->trim('0')->toString());
var_dump((new StringObject(' a '))->ltrim()->toString(), (new StringObject(' a '))->rtrim()->toString());
var_dump((new StringObject('1'))->equals('1.0'), (new StringObject('1'))->equals('1.0', true), (new StringObject('1'))->equals(1, true));
var_dump(StringObject::from()->toString(), get_class(_string('a')), swoole_string('b')->append(_string('c'))->toString());
try {
    $string->split('');
} catch (ValueError $error) {
    echo get_class($error), "\n";
}

class Name extends StringObject
{
}
var_dump(get_class(Name::from('x')->upper()), get_class(Name::from('x')->split(' ')->get(0)));
?>
--EXPECT--
length: int 11
indexOf: int 4
indexOf: int 7
lastIndexOf: int 7
pos: bool false
rpos: int 4
ipos: int 6
contains: bool true
startsWith: bool true
endsWith: bool true
endsWith: bool false
equals: bool true
equals: bool false
char: string "o"
char: string "d"
char: string ""
lower: object "hello world"
upper: object "HELLO WORLD"
reverse: object "dlroW olleH"
trim: object "ello Worl"
substr: object "llo"
substr: object "rld"
repeat: object "Hello WorldHello World"
split: Swoole\ArrayObject ["Hello","World"]
split: Swoole\ArrayObject ["Hell"," World"]
chunkSplit: object "Hello -World-"
chunk: Swoole\ArrayObject ["Hell","o Wo","rld"]
replace: object "Hell0 W0rld"
append: object "Hello World5"
toString: string "Hello World5"
HeLLo WorLd5 3
string(4) "0 x0"
string(3) "0a0"
string(2) "a "
string(2) " a"
bool(true)
bool(false)
bool(false)
string(0) ""
string(19) "Swoole\StringObject"
string(2) "bc"
ValueError
string(4) "Name"
string(19) "Swoole\StringObject"
