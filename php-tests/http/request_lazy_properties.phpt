--TEST--
Properties that are made on demand behave like any other
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $tries = [
            'isset' => static fn($r) => [isset($r->get), isset($r->get['a']), isset($r->post), isset($r->nothing), empty($r->get)],
            'foreach' => static function ($r) { $seen = []; foreach ($r as $name => $value) { $seen[$name] = gettype($value); } return $seen; },
            'cast' => static fn($r) => array_map('gettype', (array) $r),
            'get_object_vars' => static fn($r) => get_object_vars($r)['get'],
            'var_export' => static fn($r) => str_contains(var_export($r, true), "'a' => '1'"),
            'write first' => static function ($r) { $r->get = ['mine']; return $r->get; },
            'write into' => static function ($r) { $r->get['b'] = 2; return $r->get; },
            'reference' => static function ($r) { $get = &$r->get; $get = 'changed'; return $r->get; },
            'dynamic first' => static function ($r) { @$r->more = 1; $seen = []; foreach ($r as $name => $value) { $seen[$name] = $value; } return [$seen['get'], $seen['more']]; },
            'gc first' => static function ($r) { @$r->self = $r; gc_collect_cycles(); $seen = []; foreach ($r as $name => $value) { $seen[] = $name; } return [$r->get, in_array('header', $seen, true)]; },
            'null' => static fn($r) => [$r->post, $r->cookie, $r->files, $r->tmpfiles, $r->streamId],
            'unset' => static function ($r) { unset($r->get); },
            'clone' => static fn($r) => clone $r,
            'serialize' => static fn($r) => serialize($r),
            'copy' => static function ($r) { $copy = $r->get; $copy['a'] = 'copy'; return [$r->get, $copy]; },
            'property_exists' => static fn($r) => property_exists($r, 'get'),
        ];
        $server->handle('/', static function ($request, $response) use ($tries): void {
            $name = rawurldecode(substr($request->server['request_uri'], 1));
            if ($name === '') {
                $response->end(implode("\n", array_keys($tries)));
                return;
            }
            try {
                $response->end(json_encode($tries[$name]($request)));
            } catch (Throwable $error) {
                $response->end(get_class($error) . ': ' . $error->getMessage());
            }
        });
        $server->start();
    });
    PHP);
foreach (explode("\n", http_request($server->port)['body']) as $name) {
    echo $name, ': ', http_request($server->port, '/' . rawurlencode($name) . '?a=1')['body'], "\n";
}
--EXPECT--
isset: [true,true,false,false,false]
foreach: {"fd":"integer","streamId":"integer","header":"array","server":"array","cookie":"NULL","get":"array","files":"NULL","post":"NULL","tmpfiles":"NULL"}
cast: {"fd":"integer","streamId":"integer","header":"array","server":"array","cookie":"NULL","get":"array","files":"NULL","post":"NULL","tmpfiles":"NULL"}
get_object_vars: {"a":"1"}
var_export: true
write first: ["mine"]
write into: {"a":"1","b":2}
reference: "changed"
dynamic first: [{"a":"1"},1]
gc first: [{"a":"1"},true]
null: [null,null,null,null,0]
unset: Error: Property get of class Swoole\Http\Request cannot be unset
clone: Error: Trying to clone an uncloneable object of class Swoole\Http\Request
serialize: Exception: Serialization of 'Swoole\Http\Request' is not allowed
copy: [{"a":"1"},{"a":"copy"}]
property_exists: true
