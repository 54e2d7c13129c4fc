--TEST--
Timer, Event::defer, Event::add: with coroutines off an exception that a callback leaves is reported, and the loop goes on
--INI--
display_errors=1
html_errors=0
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

$end = run_php(<<<'PHP'
    swoole_async_set(['enable_coroutine' => false]);
    [$one, $other] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
    Swoole\Event::defer(fn () => throw new Exception('of defer'));
    Swoole\Event::add($one, function ($one) {
        Swoole\Event::del($one);
        throw new Exception('of add');
    });
    fwrite($other, 'x');
    Swoole\Timer::after(50, fn () => throw new Exception('of after'));
    $ticks = 0;
    Swoole\Timer::tick(100, function ($id) use (&$ticks) {
        if (++$ticks === 2) {
            Swoole\Timer::clear($id);
        }
        throw new Exception("of tick $ticks");
    });
    Swoole\Event::wait();
    echo "end\n";
    PHP);
preg_match_all('/Fatal error: .*Exception: (.*) in|^end$/m', $end['out'], $found, PREG_SET_ORDER);
$lines = array_map(fn ($match) => $match[1] ?? $match[0], $found);
sort($lines);
echo implode("\n", $lines), "\nexit code {$end['code']}\n";
?>
--EXPECT--
end
of add
of after
of defer
of tick 1
of tick 2
exit code 255
