<?php

declare(strict_types=1);

namespace Notes;

use InvalidArgumentException;

/** What the environment says: HOST, PORT, API_TOKEN, and DB_DSN or DB_HOST, DB_PORT, DB_USER, DB_PASSWORD, DB_NAME, or DB_FILE. */
final readonly class Settings
{
    /** @param array{host: string, port: int, user: string, password: string, database: string}|null $mysql null: SQLite in $file */
    public function __construct(
        public string $host = '127.0.0.1',
        public int $port = 9501,
        public ?string $token = null,
        public ?array $mysql = null,
        public int $poolSize = 8,
        public string $file = ':memory:',
    ) {
    }

    public static function fromEnvironment(): self
    {
        $get = static fn (string $name, string $default = ''): string => getenv($name) ?: $default;
        $mysql = null;
        if ($get('DB_DSN') !== '') {
            $mysql = self::parse($get('DB_DSN'));
        } elseif ($get('DB_HOST') !== '') {
            $mysql = [
                'host' => $get('DB_HOST'),
                'port' => (int) $get('DB_PORT', '3306'),
                'user' => $get('DB_USER', 'root'),
                'password' => $get('DB_PASSWORD'),
                'database' => $get('DB_NAME', 'test'),
            ];
        }
        return new self(
            host: $get('HOST', '127.0.0.1'),
            port: (int) $get('PORT', '9501'),
            token: $get('API_TOKEN') ?: null,
            mysql: $mysql,
            poolSize: max(1, (int) $get('DB_POOL', '8')),
            file: $get('DB_FILE', dirname(__DIR__) . '/notes.sqlite'),
        );
    }

    /** Reads mysql://user:password@host:port/database. */
    private static function parse(string $dsn): array
    {
        $parts = parse_url($dsn);
        if (($parts['scheme'] ?? '') !== 'mysql' || !isset($parts['host'])) {
            throw new InvalidArgumentException('DB_DSN must look like mysql://user:password@host:3306/database');
        }
        return [
            'host' => $parts['host'],
            'port' => $parts['port'] ?? 3306,
            'user' => rawurldecode($parts['user'] ?? 'root'),
            'password' => rawurldecode($parts['pass'] ?? ''),
            'database' => ltrim($parts['path'] ?? '/test', '/'),
        ];
    }
}
