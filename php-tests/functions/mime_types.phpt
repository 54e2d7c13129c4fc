--TEST--
media types: known, added, changed, taken away
--FILE--
<?php
foreach (['a.html', 'html', '.css', 'a.HTML', 'a.b.js', 'a.xml', 'a.json', 'a.svg', 'a.woff2', 'a.mp4', 'a.no-such', '', 'dir.d/file', 'a.'] as $name) {
    printf("%s %s%s\n", $name, swoole_mime_type_get($name), swoole_mime_type_exists($name) ? '' : ' (unknown)');
}
echo swoole_get_mime_type('a.md'), "\n";
$count = count(swoole_mime_type_list());
var_dump(swoole_mime_type_add('html', 'x/y'), swoole_mime_type_add('zzz', 'x/y'), swoole_mime_type_add('zzz', 'x/z'));
echo swoole_mime_type_get('a.zzz'), ' ', count(swoole_mime_type_list()) - $count, "\n";
swoole_mime_type_set('zzz', 'x/w');
swoole_mime_type_set('html', 'x/html');
swoole_mime_type_set('Upper', 'x/upper');
echo swoole_mime_type_get('a.zzz'), ' ', swoole_mime_type_get('a.html'), ' ', swoole_mime_type_get('a.Upper'), "\n";
var_dump(swoole_mime_type_delete('zzz'), swoole_mime_type_delete('zzz'), swoole_mime_type_delete('html'), swoole_mime_type_exists('a.html'));
try {
    swoole_mime_type_get([]);
} catch (TypeError $error) {
    echo $error->getMessage(), "\n";
}
?>
--EXPECT--
a.html text/html
html text/html
.css text/css
a.HTML text/html
a.b.js application/javascript
a.xml application/xml
a.json application/json
a.svg image/svg+xml
a.woff2 font/woff2
a.mp4 video/mp4
a.no-such application/octet-stream (unknown)
 application/octet-stream (unknown)
dir.d/file application/octet-stream (unknown)
a. application/octet-stream (unknown)
text/markdown
bool(false)
bool(true)
bool(false)
x/y 1
x/w x/html application/octet-stream
bool(true)
bool(false)
bool(true)
bool(false)
swoole_mime_type_get(): Argument #1 ($filename) must be of type string, array given
