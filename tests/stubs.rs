//! What `build/reflect.php` makes of a stub, and what it refuses.

use std::path::PathBuf;
use std::process::Command;

/// Runs the generator over one stub file; what it wrote, or what it said.
fn generate(name: &str, stubs: &[&str]) -> Result<String, String> {
    let folder = std::env::temp_dir().join(format!("steelwool-stubs-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("temporary folder");
    for (index, stub) in stubs.iter().enumerate() {
        std::fs::write(folder.join(format!("{index}.stub.php")), format!("<?php\n{stub}")).expect("stub");
    }
    let output = folder.join("surface.rs");
    let run = Command::new(php())
        .args(["-n", "-d", "display_errors=stderr", "build/reflect.php"])
        .args([&folder, &output])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("PHP runs");
    let text = std::fs::read_to_string(&output).unwrap_or_default();
    std::fs::remove_dir_all(&folder).expect("temporary folder");
    if run.status.success() { Ok(text) } else { Err(String::from_utf8_lossy(&run.stderr).into_owned()) }
}

fn php() -> PathBuf {
    let config = std::env::var("PHP_CONFIG").unwrap_or_else(|_| "php-config".to_owned());
    let asked = Command::new(config).arg("--php-binary").output().expect("php-config runs");
    PathBuf::from(String::from_utf8_lossy(&asked.stdout).trim().to_owned())
}

#[track_caller]
fn contains(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "no `{part}` in:\n{text}");
    }
}

#[test]
fn a_method_names_its_rust_function_with_its_bounds() {
    let text = generate(
        "methods",
        &["namespace Swoole\\WebSocket; abstract class MySQLPeer {
            public function __construct() {}
            final protected static function sendHTTPFrame(int $a, string ...$rest): void {}
            public function yield(&$out, ?array $b = null) {}
            /** @rust yield_now */ public function suspend() {}
            /** @required 1 */ public function ask($a = 1) {}
            abstract public function later();
        }"],
    )
    .expect("generates");
    contains(
        &text,
        &[
            "0, 0, crate::classes::websocket::mysql_peer::__construct);",
            "1, u32::MAX, crate::classes::websocket::mysql_peer::send_http_frame);",
            "1, 2, crate::classes::websocket::mysql_peer::r#yield);",
            "0, 0, crate::classes::websocket::mysql_peer::yield_now);",
            "1, 1, crate::classes::websocket::mysql_peer::ask);",
            "c\"later\", None,",
            "argument::parameter(c\"out\", Type::NONE, true, false, None)",
            "argument::parameter(c\"rest\", Type::of(64), false, true, None)",
            "class_flags::ABSTRACT",
        ],
    );
}

#[test]
fn types_and_defaults_are_taken_from_the_source() {
    let text = generate(
        "types",
        &["namespace Swoole; class A {
            const LIMIT = 3, NAME = 'x';
            public ?A $next = null; protected int|string $id = 5; private static $list = []; public float $f = 1;
            public function f(int|false|null $a, self $b, float $timeout = -1, string $s = \"a,b)\", array $l = [1, 2], int $m = self::LIMIT, int $e = \\E_ALL): static {}
        }"],
    )
    .expect("generates");
    contains(
        &text,
        &[
            "c\"a\", Type::of(22)",
            "c\"b\", Type::class(c\"self\", 0)",
            "Some(c\"-1\")",
            r#"Some(c"\"a,b)\"")"#,
            "Some(c\"[1, 2]\")",
            "Some(c\"self::LIMIT\")",
            "argument::returns(2, false, false, Type::of(32768))",
            "name: \"next\", default: Value::Null, flags: 1, ty: Some(Type::class(c\"Swoole\\\\A\", 2))",
            "name: \"id\", default: Value::Long(5), flags: 2, ty: Some(Type::of(80))",
            "name: \"list\", default: Value::EmptyArray, flags: 20, ty: None",
            "name: \"f\", default: Value::Double(1.0)",
            "name: \"LIMIT\", value: Value::Long(3), flags: 1",
            "pub const NEXT: usize = 0;",
            "pub const F: usize = 2;",
        ],
    );
}

#[test]
fn parents_come_first_and_slots_count_from_the_top() {
    let text = generate(
        "parents",
        &[
            "namespace Swoole\\Http;\nclass Server extends \\Swoole\\Server { public $own; }",
            "namespace Swoole;\n/**\n * @native Server\n * @short-alias Srv\n * @not-serializable\n */\nclass Server implements \\Countable
             { private $hidden; public $port = 0; public function count(): int {} }",
            "namespace { /** @short */ function go(callable $f) {} const SWOOLE_X = 1 << 3; } namespace Swoole\\Coroutine { function run() {} }",
        ],
    )
    .expect("generates");
    contains(
        &text,
        &[
            "    &SWOOLE_SERVER,\n    &SWOOLE_HTTP_SERVER,\n",
            "interfaces: &[\"Countable\"]",
            "parent: Some(\"Swoole\\\\Server\")",
            "Some(object::install::<crate::classes::server::Server>)",
            "short_aliases: &[\"Srv\"]",
            "pub const OWN: usize = 2;",
            "value: Value::Long(8)",
            "crate::classes::functions::go);",
            "crate::classes::functions::coroutine_run);",
        ],
    );
    let short = text.split("static SHORT_FUNCTIONS").nth(1).expect("a table");
    assert!(
        short.split("]);").next().is_some_and(|table| table.contains("c\"go\"") && !table.contains("run")),
        "{short}"
    );
}

#[test]
fn functions_of_the_library_have_a_handler_that_calls_them() {
    let folder = std::env::temp_dir().join(format!("steelwool-library-{}", std::process::id()));
    let (stubs, library) = (folder.join("stubs"), folder.join("library"));
    for (place, text) in [
        (stubs.join("a.stub.php"), "function native_one() {}"),
        (
            library.join("core/A/functions.php"),
            "namespace Swoole\\A; function someCall(int $n, &...$rest): void { echo $n; }",
        ),
        (library.join("functions.php"), "/** @short */ function _short($text = '') { return $text; }"),
        (library.join("core/B.php"), "namespace Swoole; class B {}"),
    ] {
        std::fs::create_dir_all(place.parent().expect("a folder")).expect("temporary folder");
        std::fs::write(place, format!("<?php\n{text}")).expect("file");
    }
    let output = folder.join("surface.rs");
    let run = Command::new(php())
        .args(["-n", "build/reflect.php"])
        .args([&stubs, &library, &output])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("PHP runs");
    let text = std::fs::read_to_string(&output).unwrap_or_default();
    std::fs::remove_dir_all(&folder).expect("temporary folder");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    contains(
        &text,
        &[
            r#"library_function!(handle_f_swoole_ns_a_ns_some_call, "swoole\\a\\somecall", c"@swoole/library/core/A/functions.php");"#,
            r#"library_function!(handle_f_short, "_short", c"@swoole/library/functions.php");"#,
            "0, 0, crate::classes::functions::native_one);",
            "argument::parameter(c\"rest\", Type::NONE, true, true, None)",
        ],
    );
    let table = |name: &str| text.split(&format!("static {name}:")).nth(1).and_then(|rest| rest.split("]);").next());
    assert!(table("LIBRARY_FUNCTIONS").is_some_and(|t| t.contains("someCall") && !t.contains("_short")), "{text}");
    assert!(table("LIBRARY_SHORT_FUNCTIONS").is_some_and(|t| t.contains("_short")), "{text}");
    assert!(table("FUNCTIONS").is_some_and(|t| t.contains("native_one") && !t.contains("someCall")), "{text}");
    assert!(!text.contains("SWOOLE_B"), "classes of the library are not registered: {text}");
}

#[test]
fn what_cannot_be_registered_is_refused_in_one_line() {
    let refuse = |name: &str, stub: &str| generate(name, &[stub]).expect_err("refuses");
    let cases = [
        ("syntax", "class A { function }", "ParseError"),
        ("parent", "class A extends Missing {}", "Class \"Missing\" not found"),
        ("array", "class A { public $a = [1]; }", "a value of type array is not supported: A::$a"),
        (
            "native",
            "/** @native A */ class A {} /** @native B */ class B extends A {}",
            "an object holds one Rust value",
        ),
        ("intersection", "class A { function f(Countable&Iterator $x) {} }", "intersection types are not supported"),
        ("twice", "const A = 1; const A = 2;", "Constant A already defined"),
        ("classes", "class A { public A|Countable $x; }", "one class at most"),
    ];
    for (name, stub, expected) in cases {
        let said = refuse(name, stub);
        contains(&said, &["php-stubs: ", expected]);
        assert_eq!(said.trim().lines().count(), 1, "{name}: {said}");
    }
}
