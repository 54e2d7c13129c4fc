<?php

declare(strict_types=1);

namespace Ody;

// Ody\A lives in src/A.php.
spl_autoload_register(static function (string $class): void {
    $file = __DIR__ . '/src/' . strtr(substr($class, 4), '\\', '/') . '.php';
    if (str_starts_with($class, 'Ody\\') && is_file($file)) {
        require $file;
    }
});

/** The application, put together: its middleware, outermost first, its routes, and what they need. */
function application(): Application
{
    $database = new Database([
        'host' => getenv('STEELWOOL_MYSQL_HOST') ?: '127.0.0.1',
        'port' => (int) (getenv('STEELWOOL_MYSQL_PORT') ?: 3306),
        'user' => getenv('STEELWOOL_MYSQL_USER') ?: 'root',
        'password' => getenv('STEELWOOL_MYSQL_PASSWORD') ?: 'password',
        'database' => getenv('STEELWOOL_MYSQL_DATABASE') ?: 'test',
        'strict_type' => true,
    ], (int) (getenv('DB_POOL') ?: 4));
    $journal = new Journal($database);

    return new Application(
        [new RequestId(), $journal, new Guard(getenv('API_TOKEN') ?: null)],
        [
            '/' => static fn (): Response => Response::json(['message' => 'Hello from ODY.']),
            '/numbers' => static fn (): Response => Response::json($database->query('SELECT 1 AS number UNION SELECT 2 ORDER BY number')),
            '/slow' => static function () use ($database): Response {
                $id = Context::get('request id');
                $row = $database->query('SELECT SLEEP(0.2) AS slept, CONNECTION_ID() AS connection')[0];
                return Response::json(['same' => $id === Context::get('request id'), 'connection' => $row['connection']]);
            },
            '/wrong' => static fn (): Response => Response::json($database->query('SELECT nonsense')),
            '/journal' => static fn (): Response => Response::json($journal->lines()),
            '/pool' => static fn (): Response => Response::json(['open' => $database->open(), 'idle' => $database->idle()]),
        ],
        static fn () => $database->close(),
    );
}
