--TEST--
readFile() and writeFile(): whole files, appending, locks, links, directories
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

use Swoole\Coroutine\System;

$dir = sys_get_temp_dir() . '/steelwool-files-' . getmypid();
mkdir($dir);
chdir($dir);
Co\run(static function () {
    var_dump(System::writeFile('a', 'hello'));
    var_dump(Co::writeFile('a', ' world', FILE_APPEND));
    var_dump(System::readFile('a', LOCK_EX));
    var_dump(System::writeFile('a', 'new', LOCK_EX), Co::readFile('a'));
    var_dump(System::writeFile('a', 4, LOCK_EX | FILE_APPEND), System::readFile('a'));
    var_dump(System::writeFile('empty', ''), System::readFile('empty'), decoct(fileperms('empty') & 0777));
    var_dump(System::writeFile('big', str_repeat('0123456789', 300_000)), md5(System::readFile('big')) === md5(str_repeat('0123456789', 300_000)));
    var_dump(str_contains(System::readFile('/proc/self/status'), 'PPid:'), System::readFile('/dev/null'));
    echo "-- a directory\n";
    var_dump(System::readFile('.'), swoole_errno() === SOCKET_EISDIR);
    var_dump(System::writeFile('.', 'x'), swoole_errno() === SOCKET_EISDIR);
    echo "-- a link\n";
    symlink('a', 'link');
    var_dump(System::readFile('link'), System::writeFile('link', 'x'), swoole_errno() === SOCKET_ELOOP);
    echo "-- nothing\n";
    var_dump(System::readFile('none'), swoole_errno() === SOCKET_ENOENT);
    var_dump(System::writeFile('none/none', 'x'), swoole_errno() === SOCKET_ENOENT);
});
array_map(unlink(...), glob('*'));
rmdir($dir);
?>
--EXPECTF--
int(5)
int(6)
string(11) "hello world"
int(3)
string(3) "new"
int(1)
string(4) "new4"
int(0)
string(0) ""
string(3) "644"
int(3000000)
bool(true)
bool(true)
string(0) ""
-- a directory
string(0) ""
bool(true)
[%s]	WARNING	System::write_file(): open(., 131649) failed, Error: Is a directory[21]
bool(false)
bool(true)
-- a link
[%s]	WARNING	System::write_file(): open(link, 131649) failed, Error: Too many levels of symbolic links[40]
string(4) "new4"
bool(false)
bool(true)
-- nothing
[%s]	WARNING	System::read_file(): open(none, O_RDONLY) failed, Error: No such file or directory[2]
bool(false)
bool(true)
[%s]	WARNING	System::write_file(): open(none/none, 131649) failed, Error: No such file or directory[2]
bool(false)
bool(true)
