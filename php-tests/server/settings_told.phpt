--TEST--
Server: settings that cannot be followed are told in Swoole's words
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

foreach ([
    ['reactor_num' => 60000],
    ['max_connection' => 0],
    ['max_connection' => 2_000_000],
    ['task_tmpdir' => 'relative'],
    ['task_tmpdir' => '/proc/none'],
    ['task_tmpdir' => ''],
    ['document_root' => str_repeat('/folder', 600)],
    ['upload_tmp_dir' => ''],
] as $settings) {
    $end = run_php(<<<'PHP'
        $server = new Swoole\Http\Server('127.0.0.1', 0, SWOOLE_BASE);
        $server->set(['worker_num' => 1] + unserialize($argv[1]));
        $server->on('request', static function () {});
        $server->on('workerStart', static fn ($server) => $server->shutdown());
        $started = $server->start();
        echo 'started: ', json_encode($started), "\n";
        PHP, ini: ['display_errors' => '1', 'log_errors' => '0', 'html_errors' => '0'], seconds: 30, arguments: [serialize($settings)]);
    // the second of these depends on how many descriptors there may be
    $end['out'] = preg_replace('/^.*exceed the maximum value.*\n/m', '', $end['out']);
    preg_match_all('/^started: .*|(?<=\t)(?:Server::|swoole_).*|Fatal error: .*(?= in)/m', $end['out'], $lines);
    echo '-- ', array_key_first($settings), "\n", preg_replace('/\d{4,}/', 'N', preg_replace('/(max value) \d+/', '$1 N', implode("\n", $lines[0]))), "\n";
}
?>
--EXPECT--
-- reactor_num
Server::create(): reactor_num == N, Too many threads, reset to max value N
started: true
-- max_connection
started: true
-- max_connection
Server::set_max_connection(): max_connection is exceed the SW_SESSION_LIST_SIZE, it's reset to N
started: true
-- task_tmpdir
swoole_set_task_tmpdir(): wrong absolute path 'relative'
started: true
-- task_tmpdir
swoole_mkdir_recursive(): mkdir('/proc/none') failed, Error: No such file or directory[2]
swoole_set_task_tmpdir(): create task tmp dir('/proc/none') failed
started: true
-- task_tmpdir
started: true
-- document_root
Fatal error: Swoole\Server::set(): The length of document_root must be less than N
-- upload_tmp_dir
Fatal error: Swoole\Server::set(): Unable to create upload_tmp_dir[]
