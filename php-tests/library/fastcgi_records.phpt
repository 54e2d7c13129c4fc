--TEST--
FastCGI records: packed, unpacked, taken from a buffer
--FILE--
<?php

declare(strict_types=1);

use Swoole\FastCGI;
use Swoole\FastCGI\FrameParser;
use Swoole\FastCGI\Record;
use Swoole\FastCGI\Record\{AbortRequest, BeginRequest, Data, EndRequest, GetValues, GetValuesResult, Params, Stderr, Stdin, Stdout, UnknownType};

$buffer = '';
foreach ([
    new BeginRequest(FastCGI::RESPONDER, FastCGI::KEEP_CONN),
    new BeginRequest(),
    new AbortRequest(5),
    new EndRequest(FastCGI::OVERLOADED, 258),
    new Params([]),
    new Params(['a' => 'b', 'c' => str_repeat('x', 130)]),
    new Stdin('hello'),
    new Stdin('12345678'),
    new Stdout(''),
    (new Stderr('e'))->setRequestId(300),
    new Data('d'),
    new GetValues(['A', 'B']),
    new GetValuesResult(['A' => 1]),
    new UnknownType(9),
] as $record) {
    echo $record->getType(), ' ', $record->getRequestId(), ' ', $record->getContentLength(), '+', $record->getPaddingLength(), ' ', bin2hex((string) $record), "\n";
    $buffer .= $record;
}
$buffer .= 'rest';
while (FrameParser::hasFrame($buffer)) {
    $record = FrameParser::parseFrame($buffer);
    echo get_class($record), ' ', json_encode(match (true) {
        $record instanceof BeginRequest => [$record->getRole(), $record->getFlags()],
        $record instanceof EndRequest => [$record->getProtocolStatus(), $record->getAppStatus()],
        $record instanceof Params => $record->getValues(),
        $record instanceof UnknownType => $record->getUnrecognizedType(),
        default => [$record->getRequestId(), $record->getContentData()],
    }), "\n";
}
var_dump($buffer, FrameParser::hasFrame(''), FrameParser::hasFrame(substr((string) new Stdin('abc'), 0, -1)));
foreach (['rest', '', "\x01\x20\0\x01\0\0\0\0"] as $bad) {
    try {
        FrameParser::parseFrame($bad);
    } catch (Exception $error) {
        echo get_class($error), ': ', $error->getMessage(), "\n";
    }
}
$record = Record::unpack((string) new Stdout('q'));
var_dump(get_class($record), $record->getContentData(), $record->getVersion(), (new Stdin(''))->setContentData(str_repeat('x', 70000))->getContentLength());
?>
--EXPECT--
1 1 8+0 01010001000800000001010000000000
1 1 8+0 01010001000800000003000000000000
2 5 0+0 0102000500000000
3 1 8+0 01030001000800000000010202000000
4 1 0+0 0104000100000000
4 1 140+4 01040001008c0400010161620180000082637878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787800000000
5 1 5+3 010500010005030068656c6c6f000000
5 1 8+0 01050001000800003132333435363738
6 1 0+0 0106000100000000
7 300 1+7 0107012c000107006500000000000000
8 1 1+7 01080001000107006400000000000000
9 1 6+2 01090001000602000100410100420000
10 1 4+4 010a0001000404000101413100000000
11 1 8+0 010b0001000800000900000000000000
Swoole\FastCGI\Record\BeginRequest [1,1]
Swoole\FastCGI\Record\BeginRequest [3,0]
Swoole\FastCGI\Record\AbortRequest [5,""]
Swoole\FastCGI\Record\EndRequest [2,258]
Swoole\FastCGI\Record\Params []
Swoole\FastCGI\Record\Params {"a":"b","c":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}
Swoole\FastCGI\Record\Stdin [1,"hello"]
Swoole\FastCGI\Record\Stdin [1,"12345678"]
Swoole\FastCGI\Record\Stdout [1,""]
Swoole\FastCGI\Record\Stderr [300,"e"]
Swoole\FastCGI\Record\Data [1,"d"]
Swoole\FastCGI\Record\GetValues {"A":"","B":""}
Swoole\FastCGI\Record\GetValuesResult {"A":"1"}
Swoole\FastCGI\Record\UnknownType 9
string(4) "rest"
bool(false)
bool(false)
RuntimeException: Not enough data in the buffer to parse
RuntimeException: Not enough data in the buffer to parse
DomainException: Invalid FastCGI record type 32 received
string(21) "Swoole\FastCGI\Record"
string(1) "q"
int(1)
int(65535)
