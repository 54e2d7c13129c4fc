--TEST--
A child class may have its own constructor and properties
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/mysql.php';

Swoole\Coroutine\run(static function (): void {
    class Database extends Swoole\Coroutine\MySQL
    {
        public array $log = [];

        public function __construct(private array $settings)
        {
        }

        public function connect(?array $server_config = null)
        {
            $this->log[] = 'connect';
            return parent::connect($server_config ?? $this->settings);
        }

        public function __destruct()
        {
            echo implode(' ', $this->log), "\n";
        }
    }
    $mysql = new Database(mysql_settings());
    var_dump($mysql->query('SELECT 1'), $mysql->connect(), $mysql->query('SELECT 1 AS one'), $mysql->connected);
    unset($mysql);
    echo "end\n";
});
--EXPECT--
bool(false)
bool(true)
array(1) {
  [0]=>
  array(1) {
    ["one"]=>
    string(1) "1"
  }
}
bool(true)
connect
end
