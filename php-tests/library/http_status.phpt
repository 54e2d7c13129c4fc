--TEST--
Http\Status and Constant
--FILE--
<?php

declare(strict_types=1);

use Swoole\Constant;
use Swoole\Http\Status;

var_dump(Status::NOT_FOUND, Status::getReasonPhrase(404), Status::getReasonPhrase(299), count(Status::getReasonPhrases()));
var_dump(Constant::EVENT_WORKER_START, Constant::OPTION_WORKER_NUM, count((new ReflectionClass(Constant::class))->getConstants()));
?>
--EXPECT--
int(404)
string(9) "Not Found"
string(7) "Unknown"
int(61)
string(11) "workerStart"
string(10) "worker_num"
int(231)
