--TEST--
name resolvers: clusters, addresses, the system; added, removed, set
--FILE--
<?php
use Swoole\NameResolver;
use Swoole\NameResolver\Cluster;
use Swoole\NameResolver\Context;

class Nodes extends NameResolver
{
    public int $asked = 0;

    public function join(string $name, string $ip, int $port, array $options = []): bool
    {
        return true;
    }

    public function leave(string $name, string $ip, int $port): bool
    {
        return true;
    }

    public function getCluster(string $name): ?Cluster
    {
        $this->asked++;
        $cluster = new Cluster();
        $cluster->add('10.0.0.1', 81);
        $cluster->add('10.0.0.2', 82);
        return $cluster;
    }
}

class Addresses extends Nodes
{
    public function lookup(string $name)
    {
        return match ($name) {
            'known' => '1.2.3.4',
            'throws' => throw new Exception('on purpose'),
            default => null,
        };
    }
}

echo swoole_name_resolver_lookup('localhost', new Context()), "\n";
$nodes = new Nodes('http://127.0.0.1:1');
var_dump(swoole_name_resolver_add($nodes));
$context = new Context(AF_INET, true);
for ($i = 0; $i < 5; $i++) {
    $found[swoole_name_resolver_lookup('service', $context)] = true;
}
ksort($found);
// both nodes twice, and a third time asked for the fifth
echo implode(' ', array_keys($found)), ", asked {$nodes->asked} times\n";
var_dump(str_contains(swoole_name_resolver_lookup('service', new Context()), ':'));
var_dump(swoole_name_resolver_remove($nodes), swoole_name_resolver_remove($nodes));

echo "-- addresses\n";
$addresses = new Addresses('http://127.0.0.1:1');
swoole_name_resolver_add($addresses);
echo swoole_name_resolver_lookup('known', new Context()), ' ', swoole_name_resolver_lookup('127.0.0.9', new Context()), "\n";
try {
    swoole_name_resolver_lookup('throws', new Context());
} catch (Exception $exception) {
    echo $exception->getMessage(), "\n";
}
var_dump(swoole_name_resolver_lookup('no.such.host.invalid', new Context()), swoole_last_error());
swoole_name_resolver_remove($addresses);

echo "-- set\n";
Co::set(['name_resolver' => 'x']);
Co::set(['name_resolver' => [new stdClass(), $addresses]]);
Co\run(static function () {
    echo swoole_name_resolver_lookup('known', new Context()), ' ', swoole_name_resolver_lookup('localhost', new Context()), "\n";
});

echo "-- wrong\n";
var_dump(swoole_name_resolver_add(new stdClass()));
foreach ([static fn () => swoole_name_resolver_add('x'), static fn () => clone new Context(), static fn () => serialize(new Context()), static fn () => swoole_name_resolver_lookup('x', new stdClass())] as $wrong) {
    try {
        $wrong();
    } catch (Throwable $error) {
        echo $error->getMessage(), "\n";
    }
}
?>
--EXPECTF--
127.0.0.1
bool(true)
10.0.0.1:81 10.0.0.2:82, asked 3 times
bool(false)
bool(true)
bool(false)
-- addresses
1.2.3.4 127.0.0.9
on purpose
string(0) ""
int(711)
-- set

Warning: Swoole\Coroutine::set(): name_resolver must be an array in %s on line %d

Warning: Swoole\Coroutine::set(): the given object is not an instance of Swoole\NameResolver in %s on line %d
1.2.3.4 127.0.0.1
-- wrong

Warning: swoole_name_resolver_add(): the given object is not an instance of Swoole\NameResolver in %s on line %d
bool(false)
swoole_name_resolver_add(): Argument #1 ($ns) must be of type object, string given
Trying to clone an uncloneable object of class Swoole\NameResolver\Context
Serialization of 'Swoole\NameResolver\Context' is not allowed
swoole_name_resolver_lookup(): Argument #2 ($ctx) must be of type Swoole\NameResolver\Context, stdClass given
