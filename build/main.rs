//! Build script: compiles the C shim against the PHP that `php-config` describes.

fn main() {
    #[cfg(feature = "php")]
    shim();
}

#[cfg(feature = "php")]
fn shim() {
    let config = std::env::var("PHP_CONFIG").unwrap_or_else(|_| "php-config".to_owned());
    println!("cargo:rerun-if-env-changed=PHP_CONFIG");
    println!("cargo:rerun-if-changed=src/zend/shim.c");
    let out = std::process::Command::new(&config).arg("--includes").output();
    let includes = match out {
        Ok(out) if out.status.success() => String::from_utf8_lossy(&out.stdout).into_owned(),
        _ => panic!("cannot run `{config} --includes`: install php-dev or set PHP_CONFIG"),
    };
    let mut cc = cc::Build::new();
    cc.file("src/zend/shim.c").opt_level(2).warnings(false);
    for flag in includes.split_whitespace() {
        cc.flag(flag);
    }
    cc.compile("steelwool_shim");
}
