//! What depends on the PHP being built against.

use std::path::Path;
use std::process::Command;

/// Everything: version cfgs, the C shim, the surface.
pub(crate) fn build() {
    println!("cargo:rerun-if-env-changed=PHP_CONFIG");
    let config = std::env::var("PHP_CONFIG").unwrap_or_else(|_| "php-config".to_owned());
    let version: u32 = match ask(&config, "--vernum").parse() {
        Ok(version) => version,
        Err(_) => fail(&format!("`{config} --vernum` printed no number")),
    };
    if version < 80200 {
        fail(&format!("Steelwool needs PHP 8.2 or later; `{config}` describes {version}"));
    }
    for (cfg, since) in [("php83", 80300), ("php84", 80400)] {
        if version >= since {
            println!("cargo:rustc-cfg={cfg}");
        }
    }
    shim(&ask(&config, "--includes"));
    surface(&ask(&config, "--php-binary"));
    super::library::build();
}

fn ask(config: &str, option: &str) -> String {
    match Command::new(config).arg(option).output() {
        Ok(out) if out.status.success() => String::from_utf8_lossy(&out.stdout).trim().to_owned(),
        _ => fail(&format!("cannot run `{config} {option}`: install php-dev or set PHP_CONFIG")),
    }
}

fn shim(includes: &str) {
    let mut cc = cc::Build::new();
    for file in [
        "src/zend/shim.c",
        "src/zend/stacks.c",
        "src/zend/streams.c",
        "src/zend/registry.c",
        "src/zend/library.c",
        "src/zend/early_binding.c",
        "src/zend/fields.c",
        "src/zend/version.c",
    ] {
        println!("cargo:rerun-if-changed={file}");
        cc.file(file);
    }
    println!("cargo:rerun-if-changed=src/zend/version.h");
    cc.opt_level(2).warnings(false);
    if std::env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|arch| arch == "x86_64") {
        // The stack switch pushes: nothing may live below the stack pointer.
        cc.flag("-mno-red-zone");
    }
    for flag in includes.split_whitespace() {
        cc.flag(flag);
    }
    cc.compile("steelwool_shim");
}

/// Runs PHP over the stubs and the library's functions.
fn surface(php: &str) {
    println!("cargo:rerun-if-changed=php-stubs");
    println!("cargo:rerun-if-changed=php-library");
    let out = std::env::var("OUT_DIR").unwrap_or_default();
    let file = Path::new(&out).join("surface.rs");
    let run = Command::new(php)
        .args(["-n", "-d", "display_errors=stderr", "build/reflect.php", "php-stubs", "php-library"])
        .arg(&file)
        .output();
    match run {
        Ok(done) if done.status.success() => {}
        Ok(done) => {
            let said = [done.stderr, done.stdout].concat();
            fail(String::from_utf8_lossy(&said).trim());
        }
        Err(error) => {
            fail(&format!("cannot run PHP as `{php}` (from php-config --php-binary): {error}; install php-cli"))
        }
    }
}

/// Ends the build with one message and no stack trace.
pub(crate) fn fail(text: &str) -> ! {
    for line in text.lines() {
        println!("cargo::error={line}");
    }
    std::process::exit(1)
}
