<?php

declare(strict_types=1);

// The classes of the kernel live in src, those of the application in app.
spl_autoload_register(static function (string $class): void {
    foreach (['Hyperf\\' => 'src/', 'App\\' => 'app/'] as $prefix => $folder) {
        $file = __DIR__ . '/' . $folder . strtr(substr($class, strlen($prefix)), '\\', '/') . '.php';
        if (str_starts_with($class, $prefix) && is_file($file)) {
            require $file;
        }
    }
});

$config = require __DIR__ . '/config/autoload/server.php';
Hyperf\HttpServer\Middlewares::boot(require __DIR__ . '/config/autoload/middlewares.php');
require __DIR__ . '/config/routes.php';

(new $config['type']())->start($config);
