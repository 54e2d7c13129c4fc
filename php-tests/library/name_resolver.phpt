--TEST--
NameResolver: URL, filter, one node or a cluster
--FILE--
<?php

declare(strict_types=1);

use Swoole\NameResolver;
use Swoole\NameResolver\Cluster;

final class Fixed extends NameResolver
{
    public array $nodes = [];

    public function join(string $name, string $ip, int $port, array $options = []): bool
    {
        $this->nodes[$this->prefix . $name][] = [$ip, $port];
        return true;
    }

    public function leave(string $name, string $ip, int $port): bool
    {
        return false;
    }

    public function getCluster(string $name): ?Cluster
    {
        if (!isset($this->nodes[$this->prefix . $name])) {
            return null;
        }
        $cluster = new Cluster();
        foreach ($this->nodes[$this->prefix . $name] as [$ip, $port]) {
            $cluster->add($ip, $port);
        }
        return $cluster;
    }

    public function base(): string
    {
        return $this->baseUrl . ' ' . $this->info['ip'];
    }
}

$resolver = new Fixed('http://127.0.0.1:8500/path/');
echo $resolver->base(), "\n", (new Fixed('http://localhost', 'p_'))->base(), "\n";
$resolver->join('one', '10.0.0.1', 80);
$resolver->join('two', '10.0.0.1', 80);
$resolver->join('two', '10.0.0.2', 81);
var_dump($resolver->lookup('none'), $resolver->lookup('one'));
$cluster = $resolver->lookup('two');
$ports = [$cluster->pop()['port'], $cluster->pop()['port']];
sort($ports);
var_dump($ports, $cluster->pop(), $cluster->count(), $resolver->hasFilter());
$resolver->withFilter(static fn (string $name): bool => $name === 'one');
var_dump($resolver->hasFilter(), $resolver->lookup('two'), $resolver->lookup('one')['host']);
foreach ([
    fn () => new Fixed('127.0.0.1'),
    fn () => new Fixed('http://name.invalid'),
    fn () => (new Cluster())->add('name', 80),
    fn () => (new Cluster())->add('::1', 65536),
    fn () => (new Cluster())->add('::1', 80, 101),
] as $bad) {
    try {
        $bad();
    } catch (Exception $error) {
        echo get_class($error), ': ', $error->getMessage(), "\n";
    }
}
?>
--EXPECT--
http://127.0.0.1:8500/path 127.0.0.1
http://127.0.0.1 127.0.0.1
string(0) ""
array(3) {
  ["host"]=>
  string(8) "10.0.0.1"
  ["port"]=>
  int(80)
  ["weight"]=>
  int(100)
}
array(2) {
  [0]=>
  int(80)
  [1]=>
  int(81)
}
bool(false)
int(0)
bool(false)
bool(true)
NULL
string(8) "10.0.0.1"
RuntimeException: invalid url parameter '127.0.0.1'
RuntimeException: Failed to resolve host 'name.invalid'
Swoole\Exception: Bad IP Address [name]
Swoole\Exception: Bad Port [65536]
Swoole\Exception: Bad Weight [101]
