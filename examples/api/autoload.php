<?php

declare(strict_types=1);

// Notes\A\B lives in src/A/B.php.
spl_autoload_register(static function (string $class): void {
    if (str_starts_with($class, 'Notes\\')) {
        $file = __DIR__ . '/src/' . strtr(substr($class, 6), '\\', '/') . '.php';
        if (is_file($file)) {
            require $file;
        }
    }
});
