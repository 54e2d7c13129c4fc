--TEST--
c_stack_size is rounded up to pages and kept between 64 KiB and 16 MiB
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

foreach ([1024, '100K', 511 * 1024 + 1, 1 << 30, -1, null, '2M'] as $size) {
    Coroutine::set(['c_stack_size' => $size]);
    echo json_encode($size), ': ', Coroutine::stats()['c_stack_size'] / 1024, "K\n";
}
--EXPECT--
1024: 64K
"100K": 100K
523265: 512K
1073741824: 16384K
-1: 16384K
null: 16384K
"2M": 2048K
