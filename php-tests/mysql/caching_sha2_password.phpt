--TEST--
caching_sha2_password: the proof by hash, the password under the server's RSA key, through TLS and over a Unix socket as it is
--SKIPIF--
<?php
extension_loaded('openssl') || print 'skip needs ext/openssl';
?>
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/certificates.php';

/** The server's side of one login, which knows the password and checks every proof of it. */
final class Login
{
    private const NONCE = 'abcdefghijklmnopqrst';

    public function __construct(private mixed $stream, private string $password)
    {
        stream_set_timeout($stream, 60);
    }

    public function greet(string $plugin = 'caching_sha2_password'): void
    {
        $abilities = 0x000aa208 | 0x800;
        $this->send(0, "\x0a8.0.40\0" . pack('V', 1) . substr(self::NONCE, 0, 8) . "\0" . pack('v', $abilities & 0xffff) . "\x2d" . pack('v', 2)
            . pack('v', $abilities >> 16) . "\x15" . str_repeat("\0", 10) . substr(self::NONCE, 8) . "\0$plugin\0");
    }

    public function send(int $number, string $payload): void
    {
        fwrite($this->stream, substr(pack('V', strlen($payload)), 0, 3) . chr($number) . $payload);
    }

    public function receive(): string
    {
        $header = (string) stream_get_contents($this->stream, 4);
        return strlen($header) < 4 ? '' : (string) stream_get_contents($this->stream, unpack('V', substr($header, 0, 3) . "\0")[1]);
    }

    public function tls(): void
    {
        // Not a byte more: what follows belongs to TLS.
        for ($request = ''; strlen($request) < 4 + 32; $request .= $piece) {
            $piece = stream_socket_recvfrom($this->stream, 4 + 32 - strlen($request));
            if ((string) $piece === '') {
                break;
            }
        }
        $request = substr($request, 4);
        echo 'asks for TLS: ', json_encode(strlen($request) === 32 && (unpack('V', $request)[1] & 0x800) !== 0), "\n";
        echo 'TLS: ', json_encode(stream_socket_enable_crypto($this->stream, true, STREAM_CRYPTO_METHOD_TLS_SERVER)), "\n";
    }

    public function proof(): void
    {
        $login = $this->receive();
        $hash = hash('sha256', $this->password, true);
        $expected = $hash ^ hash('sha256', hash('sha256', $hash, true) . self::NONCE, true);
        echo 'proof: ', json_encode(str_contains($login, "user\0\x20$expected" . "shop\0caching_sha2_password\0")), "\n";
    }

    public function plain(int $number): void
    {
        $this->send($number, "\x01\x04");
        echo 'the password itself: ', json_encode($this->receive() === "$this->password\0"), "\n";
        $this->ok($number + 2);
    }

    public function underKey(int $number): void
    {
        $key = openssl_pkey_new(['private_key_bits' => 2048, 'private_key_type' => OPENSSL_KEYTYPE_RSA]);
        $this->send($number, "\x01\x04");
        echo 'asks for the key: ', json_encode($this->receive() === "\x02"), "\n";
        $this->send($number + 2, "\x01" . openssl_pkey_get_details($key)['key']);
        openssl_private_decrypt($this->receive(), $secret, $key, OPENSSL_PKCS1_OAEP_PADDING);
        $length = strlen($this->password) + 1;
        $mask = substr(str_repeat(self::NONCE, intdiv($length, 20) + 1), 0, $length);
        echo 'the password under the key: ', json_encode(((string) $secret ^ $mask) === "$this->password\0"), "\n";
        $this->ok($number + 4);
    }

    public function ok(int $number): void
    {
        $this->send($number, "\0\0\0\2\0\0\0");
    }
}

/** Lets a child connect with `$settings` to a server that does what `$serve` says. */
function attempt(string $title, array $settings, callable $serve, bool $unix = false): void
{
    echo "--- $title\n";
    $files = certificates_folder();
    $path = sys_get_temp_dir() . '/steelwool-sha2-' . getmypid();
    $context = stream_context_create(['ssl' => ['local_cert' => "$files/localhost.crt", 'local_pk' => "$files/localhost.key"]]);
    $listen = stream_socket_server($unix ? "unix://$path" : 'tcp://127.0.0.1:0', $number, $text, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN, $context);
    $where = $unix ? ['host' => "unix:$path"] : ['host' => '127.0.0.1', 'port' => (int) substr(strrchr(stream_socket_get_name($listen, false), ':'), 1)];
    $settings += $where + ['user' => 'user', 'password' => PASSWORD, 'database' => 'shop', 'timeout' => 60];
    $code = 'Swoole\Coroutine\run(function () { $mysql = new Swoole\Coroutine\MySQL(); var_dump($mysql->connect('
        . var_export($settings, true) . ')); echo $mysql->connect_error, "\n"; });';
    $child = proc_open([...php_command(), '-r', $code], [1 => ['pipe', 'w'], 2 => ['redirect', 1]], $pipes);
    $stream = stream_socket_accept($listen, 60);
    $serve(new Login($stream, $settings['password']));
    fclose($stream);
    echo stream_get_contents($pipes[1]);
    proc_close($child);
    if ($unix) {
        unlink($path);
    }
}

function certificates_folder(): string
{
    static $folder;
    return $folder ??= certificates();
}

const PASSWORD = 'a password that is longer than the nonce';

attempt('known by its hash', [], static function (Login $login): void {
    $login->greet();
    $login->proof();
    $login->send(2, "\x01\x03");
    $login->ok(3);
});
attempt('under the key', [], static function (Login $login): void {
    $login->greet();
    $login->proof();
    $login->underKey(2);
});
attempt('through TLS', ['ssl' => true], static function (Login $login): void {
    $login->greet();
    $login->tls();
    $login->proof();
    $login->plain(3);
});
attempt('over a Unix socket', [], static function (Login $login): void {
    $login->greet();
    $login->proof();
    $login->plain(2);
}, true);
attempt('switched to it', [], static function (Login $login): void {
    $login->greet('mysql_native_password');
    $login->receive();
    $login->send(2, "\xfecaching_sha2_password\0" . 'abcdefghijklmnopqrst' . "\0");
    $login->receive();
    $login->underKey(4);
});
attempt('refused', ['password' => ''], static function (Login $login): void {
    $login->greet();
    $login->receive();
    $login->send(2, "\xff\x15\x04#28000Access denied for user 'user'");
});
attempt('an unreadable key', [], static function (Login $login): void {
    $login->greet();
    $login->receive();
    $login->send(2, "\x01\x04");
    $login->receive();
    $login->send(4, "\x01-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n");
});
attempt('another plugin', [], static function (Login $login): void {
    $login->greet();
    $login->receive();
    $login->send(2, "\xfeauth_gssapi_client\0x\0");
});
?>
--EXPECT--
--- known by its hash
proof: true
bool(true)

--- under the key
proof: true
asks for the key: true
the password under the key: true
bool(true)

--- through TLS
asks for TLS: true
TLS: true
proof: true
the password itself: true
bool(true)

--- over a Unix socket
proof: true
the password itself: true
bool(true)

--- switched to it
asks for the key: true
the password under the key: true
bool(true)

--- refused
bool(false)
SQLSTATE[28000] [1045] Access denied for user 'user'
--- an unreadable key
bool(false)
SQLSTATE[HY000] [2027] the server's public key is unreadable
--- another plugin
bool(false)
SQLSTATE[HY000] [2059] Unknown auth plugin: auth_gssapi_client
