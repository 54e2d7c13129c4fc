<?php

declare(strict_types=1);

// By the server's name, the outermost first. They are made once, at boot.
return [
    'http' => [App\RequestId::class, App\Errors::class],
    'ws' => [App\RequestId::class, App\TakesLease::class],
];
