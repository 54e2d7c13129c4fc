--TEST--
processors, addresses of interfaces, name of the process
--FILE--
<?php
var_dump(swoole_cpu_num() === (int) shell_exec('getconf _NPROCESSORS_ONLN'));
foreach (swoole_get_local_ip() as $address) {
    var_dump_unless(filter_var($address, FILTER_VALIDATE_IP, FILTER_FLAG_IPV4) && !str_starts_with($address, '127.'), $address);
}
foreach (swoole_get_local_ip(AF_INET6) as $address) {
    var_dump_unless(filter_var($address, FILTER_VALIDATE_IP, FILTER_FLAG_IPV6) && $address !== '::1', $address);
}
var_dump(swoole_get_local_ip(99));
var_dump(array_keys(swoole_get_local_mac()) === array_keys(swoole_get_local_ip()));
foreach (swoole_get_local_mac() as $name => $address) {
    var_dump_unless(strtolower($address) === trim(file_get_contents("/sys/class/net/$name/address")), $address);
}
var_dump(swoole_set_process_name('renamed process'), cli_get_process_title());
try {
    swoole_set_process_name([]);
} catch (TypeError $error) {
    echo $error->getMessage(), "\n";
}

function var_dump_unless(bool $right, mixed $value): void
{
    if (!$right) {
        var_dump($value);
    }
}
?>
--EXPECT--
bool(true)
array(0) {
}
bool(true)
bool(true)
string(15) "renamed process"
swoole_set_process_name(): Argument #1 ($process_name) must be of type string, array given
