--TEST--
FastCGI messages: HTTP requests and answers
--FILE--
<?php

declare(strict_types=1);

use Swoole\FastCGI\{HttpRequest, HttpResponse, Message, Request, Response};
use Swoole\FastCGI\Record\{EndRequest, Stderr, Stdout};

echo bin2hex((string) new Request()), "\n", bin2hex((string) (new Request())->withKeepConn(true)->withParam('A', 'B')->withBody('body')), "\n";
echo md5((string) (new Request())->withBody(str_repeat('y', 200000))), "\n";
$message = (new Message())->withParam('X', '1')->withParams(['Y' => '2'])->withAddedParams(['Z' => '3', 'Y' => '4'])->withoutParam('Z');
echo json_encode([$message->getParams(), $message->getParam('none'), $message->withBody(_string('b'))->getBody(), $message->withError('e')->getError()]), "\n";

$changes = static fn (HttpRequest $request): string => json_encode(array_diff_assoc($request->getParams(), (new HttpRequest())->getParams()), JSON_UNESCAPED_SLASHES) . ' ' . $request->getBody();
echo json_encode((new HttpRequest())->getParams()), "\n";
echo $changes((new HttpRequest())->withUri('/a/b.php?x=1&y=2')), "\n";
echo $changes((new HttpRequest())->withQuery(['a' => 1, 'b' => [1, 2]])), "\n";
echo $changes((new HttpRequest())->withBody('abc')), "\n";
echo $changes((new HttpRequest())->withBody(['a' => 1, 'b' => 'x y'])), "\n";
echo $changes((new HttpRequest())->withHeader('X-Foo-bar', '1')->withHeaders(['Content-Type' => 't'])->withProtocolVersion('1.0')->withRemotePort(80)), "\n";
$request = (new HttpRequest())->withHeaders(['A-b' => '1', 'C' => '2']);
$request->withoutHeader('c');
$request->withoutMethod();
$request->withoutServerPort();
echo json_encode([$request->getHeaders(), $request->getHeader('a-B'), $request->getHeader('none'), $request->getMethod(), $request->getServerPort(), $request->getContentLength()]), "\n";

$answer = static function (string ...$pieces): void {
    $response = new HttpResponse([...array_map(static fn ($piece) => new Stdout($piece), $pieces), new Stderr('err'), new EndRequest()]);
    echo json_encode([$response->getStatusCode(), $response->getReasonPhrase(), $response->getHeaders(), $response->getSetCookieHeaderLines(), $response->getBody(), $response->getError()]), "\n";
};
$answer("Status: 404 Not Found\r\nContent-Type: text/html\r\nX-A: 1\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\n\r\nbody\r\n\r\nmore");
$answer("Content-type: te", "xt/html\r\n", "\r\nhi", " there");
$answer("Status: 302\r\nLocation: /x\r\n\r\n");
$answer("Status: 799\r\nX: a:b\r\nnot a header\r\nX:  second \r\n\r\n");
$answer("Content-type: text/html\n\nhi");
$response = new HttpResponse([new Stdout("X-A: b\r\n\r\n"), new EndRequest()]);
var_dump($response->getHeader('x-a'), $response->getHeader('none'), $response->withStatusCode(201)->withHeaders(['D' => 'e'])->getHeader('d'), $response->getReasonPhrase());
foreach ([[], [new Stdout('a')]] as $records) {
    try {
        new Response($records);
    } catch (InvalidArgumentException $error) {
        echo $error->getMessage(), "\n";
    }
}
?>
--EXPECT--
0101000100080000000100000000000001040001000000000104000100000000
010100010008000000010100000000000104000100040400010141420000000001040001000000000105000100040400626f6479000000000105000100000000
2806d61d396b00cd7b79407152634f7a
[{"Y":"4"},null,"b","e"]
{"REQUEST_SCHEME":"http","REQUEST_METHOD":"GET","DOCUMENT_ROOT":"","SCRIPT_FILENAME":"","SCRIPT_NAME":"","DOCUMENT_URI":"\/","REQUEST_URI":"\/","QUERY_STRING":"","CONTENT_TYPE":"text\/plain","CONTENT_LENGTH":"0","GATEWAY_INTERFACE":"CGI\/1.1","SERVER_PROTOCOL":"HTTP\/1.1","SERVER_SOFTWARE":"swoole\/6.2.2","REMOTE_ADDR":"unknown","REMOTE_PORT":"0","SERVER_ADDR":"unknown","SERVER_PORT":"0","SERVER_NAME":"Swoole","REDIRECT_STATUS":"200"}
{"DOCUMENT_URI":"/a/b.php","REQUEST_URI":"/a/b.php?x=1&y=2","QUERY_STRING":"x=1&y=2"} 
{"QUERY_STRING":"a=1&b%5B0%5D=1&b%5B1%5D=2"} 
{"CONTENT_LENGTH":"3"} abc
{"CONTENT_TYPE":"application/x-www-form-urlencoded","CONTENT_LENGTH":"9"} a=1&b=x+y
{"SERVER_PROTOCOL":"HTTP/1.0","REMOTE_PORT":"80","HTTP_X_FOO_BAR":"1","HTTP_CONTENT_TYPE":"t"} 
[{"A-B":"1"},"1",null,null,null,0]
[404,"Not Found",{"Content-Type":"text\/html","X-A":"1"},["a=1","b=2"],"body\r\n\r\nmore","err"]
[200,"OK",{"Content-type":"text\/html"},[],"hi there","err"]
[302,"Found",{"Location":"\/x"},[],"","err"]
[799,"Unknown",{"X":"second"},[],"","err"]
[502,"Invalid FastCGI Response",[],[],"Content-type: text\/html\n\nhi","Content-type: text\/html\n\nhi"]
string(1) "b"
NULL
string(1) "e"
string(2) "OK"
Bad records
Bad records
