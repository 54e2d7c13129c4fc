--TEST--
Coroutine\FastCGI: URLs of applications, parameters of a proxy
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine\FastCGI\Client;
use Swoole\Coroutine\FastCGI\Proxy;

foreach (['unix:/tmp/x.sock', 'unix:///tmp/y', 'fcgi://host:9000', '127.0.0.1:80', 'tcp://[::1]:9', ''] as $url) {
    try {
        echo json_encode(Client::parseUrl($url), JSON_UNESCAPED_SLASHES), "\n";
    } catch (InvalidArgumentException $error) {
        echo $error->getMessage(), "\n";
    }
}
$proxy = new Proxy('127.0.0.1:9000', '/www');
$proxy->withParams(['A' => '1', 'B' => '2'])->withAddedParams(['B' => '3', 'C' => '4'])->withoutParam('A')->withParam('D', '5');
$all = $proxy->getParams();
ksort($all);
var_dump($proxy->withTimeout(1.5)->withHttps(true)->withIndex('i.php')->withStaticFileFilter(null) === $proxy, $all, $proxy->getParam('none'));
var_dump(is_subclass_of(Client\Exception::class, Swoole\Exception::class), class_exists('Co\FastCGI\Client'), class_exists('Co\FastCGI\Proxy', false));
?>
--EXPECT--
["unix://tmp/x.sock",0]
Invalid url
["host",9000]
["127.0.0.1",80]
["[::1]",9]
Invalid url
bool(true)
array(3) {
  ["B"]=>
  string(1) "3"
  ["C"]=>
  string(1) "4"
  ["D"]=>
  string(1) "5"
}
NULL
bool(true)
bool(true)
bool(true)
