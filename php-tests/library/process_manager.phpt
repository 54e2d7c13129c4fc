--TEST--
Process\Manager keeps what it is told
--FILE--
<?php

declare(strict_types=1);

use Swoole\Process\Manager;

$manager = new Manager(SWOOLE_IPC_UNIXSOCK, 7);
var_dump($manager->getIPCType(), $manager->getMsgQueueKey());
var_dump($manager->setIPCType(SWOOLE_IPC_NONE)->setMsgQueueKey(1)->add(strlen(...), true)->addBatch(2, strlen(...)) === $manager);
var_dump($manager->getIPCType(), $manager->getMsgQueueKey(), is_a('Swoole\Process\ProcessManager', Manager::class, true));
?>
--EXPECT--
int(1)
int(7)
bool(true)
int(0)
int(1)
bool(true)
