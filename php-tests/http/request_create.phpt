--TEST--
Request::create(): fed in pieces of any size, chunks, forms with files, options, and what is no request
--FILE--
<?php

declare(strict_types=1);

use Swoole\Http\Request;

function show(Request $request): void
{
    $server = $request->server;
    unset($server['request_time'], $server['request_time_float']);
    echo json_encode([$request->header, $server, $request->get, $request->cookie, $request->post, $request->files]), "\n";
}

$head = "POST /a%20b?x[]=1 HTTP/1.1\r\nHost: h\r\nCookie: a=1; b=2\r\nContent-Type: application/x-www-form-urlencoded\r\n";
$plain = "{$head}Content-Length: 7\r\n\r\np=1&q=2";
$request = Request::create();
show($request);
var_dump($request->isCompleted(), $request->getContent(), $request->parse($plain . 'more') === strlen($plain), $request->isCompleted());
show($request);
var_dump($request->getMethod(), $request->getContent(), $request->getData() === $plain, $request->parse('more'));
var_dump(isset($request->server['remote_addr']), $request->fd);

$chunked = "{$head}Transfer-Encoding: chunked\r\n\r\n2\r\np=\r\n5;x=y\r\n1&q=2\r\n0\r\nT: x\r\n\r\n";
foreach ([1, 11] as $step) {
    $request = Request::create(['parse_cookie' => false, 'PARSE_BODY' => $step === 1]);
    foreach (str_split($chunked, $step) as $piece) {
        if ($request->parse($piece) !== strlen($piece)) {
            echo "wrong count\n";
        }
        // looking early must not freeze what is not there yet
        $early = [$request->post, $request->header];
    }
    var_dump($request->isCompleted(), $request->getContent(), $request->cookie, $request->header['cookie'], $request->post);
}

$body = "--XX\r\nContent-Disposition: form-data; name=\"a[k]\"\r\n\r\n1\r\n--XX\r\n"
    . "Content-Disposition: form-data; name=\"f[x]\"; filename=\"n.txt\"\r\nContent-Type: text/plain\r\n\r\nhello\r\n--XX--\r\n";
$request = Request::create(['upload_tmp_dir' => sys_get_temp_dir()]);
$request->parse("POST / HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=XX\r\nContent-Length: " . strlen($body) . "\r\n\r\n$body");
$file = $request->files['f']['tmp_name']['x'];
var_dump($request->post, $request->files['f']['name'], file_get_contents($file), $request->tmpfiles === [$file]);
unset($request);
var_dump(file_exists($file));

foreach (["GARBAGE\r\n\r\n", "GET / HTTP/1.1\r\nno colon\r\n\r\n", "GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n"] as $bytes) {
    $request = Request::create();
    var_dump($request->parse($bytes) === strlen($bytes), $request->isCompleted());
}
$request = new Request();
var_dump($request->parse('GET'), $request->isCompleted(), $request->getContent(), $request->getData(), $request->getMethod());
--EXPECT--
[[],[],null,null,null,null]
bool(false)
string(0) ""
bool(true)
bool(true)
[{"host":"h","content-type":"application\/x-www-form-urlencoded","content-length":"7"},{"query_string":"x[]=1","request_method":"POST","request_uri":"\/a%20b","path_info":"\/a b","server_protocol":"HTTP\/1.1"},{"x":["1"]},{"a":"1","b":"2"},{"p":"1","q":"2"},null]
string(4) "POST"
string(7) "p=1&q=2"
bool(true)
bool(false)
bool(false)
int(0)
bool(true)
string(7) "p=1&q=2"
NULL
string(8) "a=1; b=2"
array(2) {
  ["p"]=>
  string(1) "1"
  ["q"]=>
  string(1) "2"
}
bool(true)
string(7) "p=1&q=2"
NULL
string(8) "a=1; b=2"
NULL
array(1) {
  ["a"]=>
  array(1) {
    ["k"]=>
    string(1) "1"
  }
}
array(1) {
  ["x"]=>
  string(5) "n.txt"
}
string(5) "hello"
bool(true)
bool(false)
bool(false)
bool(false)
bool(false)
bool(false)
bool(false)
bool(false)
bool(false)
bool(false)
bool(false)
bool(false)
bool(false)
