--TEST--
errors and traces in the library name its files; line numbers are those of the sources
--FILE--
<?php

declare(strict_types=1);

try {
    (new Swoole\StringObject('x'))->repeat(-1);
} catch (ValueError $error) {
    $source = file(__DIR__ . '/../../php-library' . substr($error->getFile(), strlen('@swoole/library')));
    echo $error->getFile(), ': ', trim($source[$error->getLine() - 1]), "\n";
    echo preg_replace(['~(?<!\w)/\S*/~', '~\(\d+\)~'], ['', '(N)'], $error->getTraceAsString()), "\n";
}
?>
--EXPECT--
@swoole/library/core/StringObject.php: return new static(str_repeat($this->string, $times));
#0 @swoole/library/core/StringObject.php(N): str_repeat('x', -1)
#1 errors_name_the_library.php(N): Swoole\StringObject->repeat(-1)
#2 {main}
