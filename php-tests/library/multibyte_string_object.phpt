--TEST--
MultibyteStringObject counts characters
--FILE--
<?php

declare(strict_types=1);

$text = _mbstring('Größe äöü Größe');
var_dump(get_class($text), $text->length(), $text->indexOf('ß'), $text->lastIndexOf('ß'), $text->pos('ö', 3), $text->rpos('x'), $text->ipos('GRÖ', 1));
var_dump($text->substr(2, 3)->toString(), get_class($text->substr(-1)), $text->chunk(6)->toArray(), $text->length());
var_dump($text->indexOf('e', 0, '8bit'), swoole_mbstring('日本')->reverse()->length());
var_dump($text->upper()->startsWith('GR'), count($text->split(' ')));
?>
--EXPECT--
string(28) "Swoole\MultibyteStringObject"
int(15)
int(3)
int(13)
int(7)
bool(false)
int(10)
string(5) "öße"
string(28) "Swoole\MultibyteStringObject"
array(3) {
  [0]=>
  string(8) "Größe "
  [1]=>
  string(9) "äöü Gr"
  [2]=>
  string(5) "öße"
}
int(15)
int(6)
int(4)
bool(true)
int(3)
