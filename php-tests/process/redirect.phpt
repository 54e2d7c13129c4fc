--TEST--
With redirection the child's output goes into the pipe, and what is written comes as its input
--FILE--
<?php

declare(strict_types=1);

use Swoole\Process;

$process = new Process(static function (): void {
    fwrite(STDERR, "to standard error\n");
    echo 'read: ', fgets(STDIN);
}, true);
$process->start();
var_dump($process->write("a line\n"));
Process::wait();
echo $process->read();

$process = new Process(static fn (Process $process) => $process->exec('/bin/cat', ['-']), true);
$process->start();
$process->write('through cat');
$process->close(Process::PIPE_WRITE);
Process::wait();
var_dump($process->read());

?>
--EXPECT--
int(7)
to standard error
read: a line
string(11) "through cat"
