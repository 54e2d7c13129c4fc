--TEST--
random schemas and values, written and read by query and by prepared statement, are what PDO reads
--SKIPIF--
<?php
extension_loaded('pdo_mysql') || print 'skip needs ext/pdo_mysql';
?>
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/mysql.php';

use Random\Engine\Mt19937;
use Random\Randomizer;
use Swoole\Coroutine;
use Swoole\Coroutine\MySQL;

/** Tables with random columns, and rows of values that the columns hold exactly. */
final class Cases
{
    public function __construct(private Randomizer $random)
    {
    }

    /** @return array{string, callable(): (int|float|string)} a type, and what makes values of it */
    public function column(): array
    {
        $random = $this->random;
        $int = fn (int $low, int $high): callable => fn (): int => match ($random->getInt(0, 3)) {
            0 => $low,
            1 => $high,
            default => $random->getInt($low, $high),
        };
        $length = $random->getInt(1, 300);
        $digits = $random->getInt(1, 20);
        $after = $random->getInt(0, 8);
        $fraction = $random->getInt(0, 6);
        $types = [
            ['TINYINT', $int(-128, 127)],
            ['TINYINT UNSIGNED', $int(0, 255)],
            ['SMALLINT', $int(-32768, 32767)],
            ['SMALLINT UNSIGNED', $int(0, 65535)],
            ['MEDIUMINT', $int(-8388608, 8388607)],
            ['MEDIUMINT UNSIGNED', $int(0, 16777215)],
            ['INT', $int(-2147483648, 2147483647)],
            ['INT UNSIGNED', $int(0, 4294967295)],
            ['INT(9) ZEROFILL', $int(0, 4294967295)],
            ['BIGINT', $int(PHP_INT_MIN, PHP_INT_MAX)],
            ['BIGINT UNSIGNED', fn () => $random->getInt(0, 1) ? $random->getInt(0, PHP_INT_MAX) : '1844674407370955' . $random->getInt(1000, 1615)],
            ['DOUBLE', fn (): float => ($random->getInt(-1 << 52, 1 << 52)) * 2 ** $random->getInt(-300, 300)],
            // No more digits than PDO shows of it.
            ['FLOAT', fn (): float => $random->getInt(-9999, 9999) / 2 ** $random->getInt(0, 2)],
            ["DECIMAL($digits, " . min($after, $digits) . ')', fn () => $this->decimal($digits, min($after, $digits))],
            ["BIT($digits)", fn () => substr(pack('J', $random->getInt(0, (1 << $digits) - 1)), -intdiv($digits + 7, 8))],
            ['DATE', fn () => $this->date()],
            ["DATETIME($fraction)", fn () => $this->date() . ' ' . $this->clock(23) . $this->fraction($fraction)],
            ["TIME($fraction)", fn () => ($random->getInt(0, 1) ? '-' : '') . $this->clock($random->getInt(0, 1) ? 99 : 200) . $this->fraction($fraction)],
            ['YEAR', $int(1901, 2155)],
            ["CHAR(20) CHARACTER SET utf8mb4", fn () => rtrim($this->text(20))],
            ["VARCHAR($length) CHARACTER SET utf8mb4", fn () => $this->text($length)],
            ['LONGTEXT CHARACTER SET utf8mb4', fn () => $this->text($random->getInt(0, 3) ? 400 : 20000)],
            ["VARBINARY($length)", fn () => $this->bytes($length)],
            ['BLOB', fn () => $this->bytes($random->getInt(0, 5) ? 400 : 65000)],
            ["ENUM('one', 'two', 'three')", fn () => ['one', 'two', 'three'][$random->getInt(0, 2)]],
            ["SET('x', 'y', 'z')", fn () => ['', 'x', 'x,y', 'y,z', 'x,y,z'][$random->getInt(0, 4)]],
            ['JSON', fn () => json_encode([$random->getInt(0, 9), 'text' => $this->text(30)], JSON_UNESCAPED_UNICODE)],
        ];
        return $types[$random->getInt(0, count($types) - 1)];
    }

    private function text(int $most): string
    {
        $alphabet = ['a', 'B', ' ', "'", '"', '\\', "\n", "\r", "\x1a", '%', '_', 'ü', 'ß', '€', '字', '😀', '0', '?'];
        $text = '';
        for ($left = $this->random->getInt(0, $most); $left > 0; $left--) {
            $text .= $alphabet[$this->random->getInt(0, count($alphabet) - 1)];
        }
        return $text;
    }

    private function bytes(int $most): string
    {
        $length = $this->random->getInt(0, $most);
        return $length === 0 ? '' : $this->random->getBytes($length);
    }

    private function decimal(int $digits, int $after): string
    {
        $number = $this->random->getInt(0, 1) ? '-' : '';
        for ($i = 0; $i < $digits; $i++) {
            $number .= $i === $digits - $after ? '.' : '';
            $number .= $this->random->getInt(0, 9);
        }
        return $number;
    }

    private function date(): string
    {
        return sprintf('%04d-%02d-%02d', $this->random->getInt(1000, 9999), $this->random->getInt(1, 12), $this->random->getInt(1, 28));
    }

    private function clock(int $hours): string
    {
        return sprintf('%02d:%02d:%02d', $this->random->getInt(0, $hours), $this->random->getInt(0, 59), $this->random->getInt(0, 59));
    }

    private function fraction(int $digits): string
    {
        return $digits === 0 ? '' : sprintf(".%0{$digits}d", $this->random->getInt(0, 10 ** $digits - 1));
    }
}

/** A literal for `$value` in SQL. */
function literal(MySQL $mysql, mixed $value): string
{
    return match (true) {
        $value === null => 'NULL',
        is_string($value) && !preg_match('//u', $value), is_string($value) && str_contains($value, "\0") => $value === '' ? "''" : '0x' . bin2hex($value),
        is_string($value) => "'" . $mysql->escape($value) . "'",
        is_float($value) => sprintf('%.17e', $value),
        // The least integer is no literal.
        default => "'$value'",
    };
}

/** The first difference between what two clients have read. */
function difference(array $ours, array $pdos): ?string
{
    if (count($ours) !== count($pdos)) {
        return count($ours) . ' rows, PDO: ' . count($pdos);
    }
    foreach ($pdos as $i => $row) {
        foreach ($row as $name => $value) {
            if (($ours[$i][$name] ?? null) !== $value || array_keys($ours[$i]) !== array_keys($row)) {
                return "row $i, $name: " . var_export($ours[$i][$name] ?? null, true) . ', PDO: ' . var_export($value, true);
            }
        }
    }
    return null;
}

const SEEDS = 25;
const ROWS = 12;

$seeds = isset($argv[1]) ? [(int) $argv[1]] : range(1, SEEDS);
$host = getenv('STEELWOOL_MYSQL_HOST');
$port = getenv('STEELWOOL_MYSQL_PORT');
$pdos = [];
foreach ([false, true] as $native) {
    $pdos[] = new PDO(
        "mysql:host=$host;port=$port;dbname=" . getenv('STEELWOOL_MYSQL_DATABASE') . ';charset=utf8mb4',
        getenv('STEELWOOL_MYSQL_USER'),
        getenv('STEELWOOL_MYSQL_PASSWORD'),
        [PDO::ATTR_EMULATE_PREPARES => !$native, PDO::ATTR_STRINGIFY_FETCHES => !$native, PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION],
    );
}
Coroutine\run(static function () use ($seeds, $pdos): void {
    $plain = mysql_open(['charset' => 'utf8mb4', 'timeout' => 60]);
    $strict = mysql_open(['charset' => 'utf8mb4', 'strict_type' => true, 'timeout' => 60]);
    $fetching = mysql_open(['charset' => 'utf8mb4', 'strict_type' => true, 'fetch_mode' => true, 'timeout' => 60]);
    $values = 0;
    foreach ($seeds as $seed) {
        $cases = new Cases(new Randomizer(new Mt19937($seed)));
        $random = new Randomizer(new Mt19937($seed + 1000));
        $columns = [];
        for ($c = $random->getInt(1, 12); $c > 0; $c--) {
            $columns["column $c"] = $cases->column();
        }
        $table = 'property_' . getmypid() . "_$seed";
        $types = array_map(static fn (string $name): string => "`$name` {$columns[$name][0]} NULL", array_keys($columns));
        $complain = static function (string $text) use ($seed, $types): never {
            throw new RuntimeException("seed $seed: $text\n" . implode(', ', $types));
        };
        $plain->query("CREATE TABLE $table (id INT PRIMARY KEY, " . implode(', ', $types) . ')') || $complain($plain->error);
        $insert = $strict->prepare("INSERT INTO $table VALUES (?" . str_repeat(', ?', count($columns)) . ')');
        for ($id = 1; $id <= ROWS; $id++) {
            $row = [$id];
            foreach ($columns as [, $make]) {
                $row[] = $random->getInt(0, 5) ? $make() : null;
            }
            // One half of the rows goes through each kind of statement.
            if ($id % 2) {
                $insert->execute($row) || $complain("row $id: $insert->error");
            } else {
                $literals = implode(', ', array_map(static fn ($value): string => literal($plain, $value), $row));
                $plain->query("INSERT INTO $table VALUES ($literals)") || $complain("row $id: $plain->error\n$literals");
            }
            $values += count($columns);
        }
        $sql = "SELECT * FROM $table ORDER BY id";
        $texts = $pdos[0]->query($sql)->fetchAll(PDO::FETCH_ASSOC);
        $natives = $pdos[1]->prepare($sql);
        $natives->execute();
        $natives = $natives->fetchAll(PDO::FETCH_ASSOC);
        $fetched = [];
        $statement = $fetching->prepare($sql);
        $statement->execute();
        while ($row = $statement->fetch()) {
            $fetched[] = $row;
        }
        // As Swoole has them: the YEAR of a prepared statement is a string, a number with leading zeros a number, a BIT its bytes.
        foreach ([&$natives, &$texts] as $from => &$all) {
            foreach ($all as &$row) {
                foreach ($columns as $name => [$type]) {
                    $row[$name] = match (true) {
                        $row[$name] === null => null,
                        str_starts_with($type, 'BIT') => substr(pack('J', (int) $row[$name]), -intdiv((int) substr($type, 4) + 7, 8)),
                        $from === 0 && $type === 'YEAR' => (string) $row[$name],
                        $from === 0 && str_ends_with($type, 'ZEROFILL') => (int) $row[$name],
                        default => $row[$name],
                    };
                }
            }
            unset($row);
        }
        unset($all);
        foreach ([
            'query' => [$plain->query($sql), $texts],
            'prepared' => [$plain->prepare($sql)->execute(), $natives],
            'fetched' => [$fetched, $natives],
        ] as $way => [$ours, $pdos_rows]) {
            if (($difference = difference($ours, $pdos_rows)) !== null) {
                $complain("$way: $difference");
            }
        }
        // Numbers of strict queries are numbers, and the same.
        foreach ($strict->query($sql) as $i => $row) {
            foreach ($row as $name => $value) {
                $same = is_string($value) ? $value === $texts[$i][$name] : $value == $texts[$i][$name];
                $same || $complain("strict: row $i, $name: " . var_export($value, true) . ', PDO: ' . var_export($texts[$i][$name], true));
            }
        }
        $plain->query("DROP TABLE $table");
    }
    echo isset($seeds[1]) && $values > 1000 ? "the same\n" : "seed $seeds[0]: the same\n";
});
?>
--EXPECT--
the same
