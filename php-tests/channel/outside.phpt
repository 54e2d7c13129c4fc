--TEST--
push() and pop() outside of a coroutine are fatal errors
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

foreach (['push(1)', 'pop()'] as $call) {
    show_php("\$channel = new Swoole\\Coroutine\\Channel(1);\nvar_dump(\$channel->$call);\necho 'never';");
}
show_php(<<<'PHP'
    $channel = new Swoole\Coroutine\Channel(2);
    var_dump($channel->length(), $channel->isEmpty(), $channel->isFull(), $channel->stats(), $channel->close());
    PHP);
--EXPECTF--

Fatal error: Uncaught Swoole\Error: API must be called in the coroutine in %s:3
Stack trace:
#0 %s(3): Swoole\Coroutine\Channel->push(1)
#1 {main}
  thrown in %s on line 3
exit code 255

Fatal error: Uncaught Swoole\Error: API must be called in the coroutine in %s:3
Stack trace:
#0 %s(3): Swoole\Coroutine\Channel->pop()
#1 {main}
  thrown in %s on line 3
exit code 255
int(0)
bool(true)
bool(false)
array(3) {
  ["consumer_num"]=>
  int(0)
  ["producer_num"]=>
  int(0)
  ["queue_num"]=>
  int(0)
}
bool(true)
exit code 0
