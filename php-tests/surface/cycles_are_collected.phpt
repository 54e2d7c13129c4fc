--TEST--
callbacks that refer to the object that keeps their server form cycles that PHP collects
--FILE--
<?php

declare(strict_types=1);

final class App
{
    public ?object $server = null;

    public function boot(): void
    {
        $this->server = new Swoole\Server('127.0.0.1');
        $this->server->on('start', function (): void { $this->boot(); });
        $this->server->on('request', [$this, 'boot']);
        $this->server->on('task', fn () => $this->server);
    }

    public function bootCoroutineStyle(): void
    {
        $this->server = new Swoole\Coroutine\Http\Server('127.0.0.1');
        $this->server->handle('/', function (): void { $this->boot(); });
        $this->server->handle('/x', [$this, 'boot']);
    }

    public function __destruct()
    {
        echo "collected\n";
    }
}

$app = new App();
$app->boot();
$app = null;
gc_collect_cycles();
echo "end of the first\n";

Swoole\Coroutine\run(static function (): void {
    $app = new App();
    $app->bootCoroutineStyle();
    $app = null;
    gc_collect_cycles();
    echo "end of the second\n";
});
?>
--EXPECT--
collected
end of the first
collected
end of the second
