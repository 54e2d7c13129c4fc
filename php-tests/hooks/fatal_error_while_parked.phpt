--TEST--
A fatal error while coroutines are in the middle of C libraries ends the process in order: output, shutdown functions, exit code
--EXTENSIONS--
curl
pdo_mysql
mysqli
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/hooks.php';

foreach (['str_repeat("x", 100_000_000);', 'trigger_error("mine", E_USER_ERROR);', 'throw new Exception("thrown");'] as $end) {
    show_php(str_replace('END', $end, <<<'PHP'
        <?php
        ini_set('memory_limit', '64M');
        register_shutdown_function(static function (): void { echo "shutdown function\n"; });
        $silent = stream_socket_server('tcp://127.0.0.1:0');
        $address = stream_socket_get_name($silent, false);
        $keep = [];
        [$host, $port, $user, $password, $database] = array_map(
            static fn (string $name) => getenv("STEELWOOL_MYSQL_$name"),
            ['HOST', 'PORT', 'USER', 'PASSWORD', 'DATABASE'],
        );
        ob_start();
        echo "buffered\n";
        Swoole\Coroutine\run(static function () use ($address, $host, $port, $user, $password, $database, &$keep): void {
            go(static function () use ($address, &$keep): void {
                $keep[] = $curl = curl_init("http://$address/");
                curl_exec($curl);
            });
            go(static function () use ($address, &$keep): void {
                $keep[] = $multi = curl_multi_init();
                curl_multi_add_handle($multi, curl_init("http://$address/"));
                do {
                    curl_multi_exec($multi, $running);
                } while ($running && curl_multi_select($multi, 5) >= 0);
            });
            go(static function () use ($address, &$keep): void {
                $keep[] = $stream = stream_socket_client("tcp://$address");
                fgets($stream);
            });
            go(static fn () => file_get_contents("http://$address/"));
            go(static function () use ($host, $port, $user, $password, $database, &$keep): void {
                $keep[] = $pdo = new PDO("mysql:host=$host;port=$port;dbname=$database", $user, $password);
                $pdo->query('SELECT SLEEP(3)')->fetch();
            });
            go(static function () use ($host, $port, $user, $password, $database, &$keep): void {
                $keep[] = $mysqli = new mysqli($host, $user, $password, $database, (int) $port);
                $mysqli->query('SELECT SLEEP(3)');
            });
            go(static fn () => proc_close(proc_open(['sleep', '1'], [], $pipes)));
            go(static fn () => exec('sleep 1'));
            go(static fn () => sleep(3));
            usleep(100_000);
            END
        });
        PHP), ['display_errors' => '1', 'log_errors' => '0', 'html_errors' => '0', 'error_reporting' => E_ALL & ~E_DEPRECATED]);
}
--EXPECTF--

Fatal error: Allowed memory size of 67108864 bytes exhausted (tried to allocate %d bytes) in %s on line %d
buffered
shutdown function
exit code 255

Fatal error: mine in %s on line %d
buffered
shutdown function
exit code 255

Fatal error: Uncaught Exception: thrown in %s:%d
Stack trace:
#0 [internal function]: {closure%S}()
#1 {main}
  thrown in %s on line %d
buffered
shutdown function
exit code 255
