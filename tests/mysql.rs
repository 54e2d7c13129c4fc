//! The MySQL client against a private server, which `php-tests/include/mariadb` starts once for all tests here.
//!
//! With `STEELWOOL_MYSQL_*` in the environment that server is used instead.

use std::collections::HashMap;
use std::process::Command;
use std::rc::Rc;
use std::sync::OnceLock;
use std::time::Duration;
use steelwool::io::mysql::{
    BinaryRow, Columns, Connection, Endpoint, Error, Execute, Fetched, Head, Options, Outcome, Phase, Prepared,
    TextRow, Value,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::Instant;

/// What the script prints, and what the test runner sets.
fn server() -> &'static HashMap<String, String> {
    static SERVER: OnceLock<HashMap<String, String>> = OnceLock::new();
    SERVER.get_or_init(|| {
        let given: HashMap<String, String> =
            std::env::vars().filter(|(name, _)| name.starts_with("STEELWOOL_MYSQL_")).collect();
        if given.contains_key("STEELWOOL_MYSQL_SOCKET") {
            return given;
        }
        let own = std::process::id().to_string();
        let folder = std::env::temp_dir().join(format!("steelwool-mysql-{own}"));
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/php-tests/include/mariadb");
        // It stops by itself when this process ends, however it ends.
        let out = Command::new(script).arg("start").arg(&folder).arg(&own).output().unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        let text = String::from_utf8(out.stdout).unwrap();
        text.lines().filter_map(|line| line.split_once('=')).map(|(k, v)| (k.to_owned(), v.to_owned())).collect()
    })
}

fn setting(name: &str) -> &'static str {
    &server()[&format!("STEELWOOL_MYSQL_{name}")]
}

fn tcp() -> Options {
    Options {
        endpoint: Endpoint::Tcp(setting("HOST").into(), setting("PORT").parse().unwrap()),
        user: setting("USER").into(),
        password: setting("PASSWORD").into(),
        database: setting("DATABASE").into(),
        charset: 45,
        timeout: Some(Duration::from_secs(60)),
        tls: None,
    }
}

fn unix() -> Options {
    Options { endpoint: Endpoint::Unix(setting("SOCKET").into()), ..tcp() }
}

async fn open(options: Options) -> Connection {
    let connection = Connection::default();
    connection.open(&options).await.unwrap();
    connection
}

/// Runs `step` until it has what it needs.
async fn complete<T>(connection: &Connection, mut step: impl FnMut() -> Result<Option<T>, Error>) -> Result<T, Error> {
    loop {
        match step()? {
            Some(done) => return Ok(done),
            None => connection.fill(None).await?,
        }
    }
}

type Rows = Vec<Vec<Option<String>>>;

#[derive(Debug, PartialEq)]
enum Answer {
    Done(Outcome),
    Rows(Vec<String>, Rows),
}

fn text(value: Value<'_>) -> Option<String> {
    Some(match value {
        Value::Null => return None,
        Value::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Value::Int(number) => format!("i{number}"),
        Value::Unsigned(number) => format!("u{number}"),
        Value::Float(number) => format!("f{number}"),
        Value::Double(number) => format!("d{number}"),
        Value::Temporal(temporal) => String::from_utf8_lossy(temporal.as_bytes()).into_owned(),
    })
}

async fn answer(connection: &Connection, columns: &mut Columns) -> Result<Answer, Error> {
    let head = complete(connection, || connection.head(columns)).await?;
    if let Head::Done(outcome) = head {
        return Ok(Answer::Done(outcome));
    }
    let binary = connection.phase().is_execute();
    let columns = &*columns;
    let names = columns.iter().map(|column| String::from_utf8_lossy(columns.name(column)).into_owned()).collect();
    let mut rows = Vec::new();
    loop {
        let fetched = complete(connection, || {
            connection.row(|packet| {
                if binary {
                    let mut row = BinaryRow::new(packet, columns.len())?;
                    return columns.iter().map(|column| Ok(text(row.next_value(column)?))).collect();
                }
                let mut row = TextRow::new(packet);
                let string = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                columns.iter().map(|_| Ok(row.next_text()?.map(string))).collect::<Result<Vec<_>, Error>>()
            })
        })
        .await?;
        match fetched {
            Fetched::Row(row) => rows.push(row),
            Fetched::End => return Ok(Answer::Rows(names, rows)),
        }
    }
}

async fn query(connection: &Connection, sql: &str) -> Result<Answer, Error> {
    connection.query(sql.as_bytes())?;
    answer(connection, &mut Columns::default()).await
}

async fn prepare(connection: &Connection, sql: &str) -> Result<Prepared, Error> {
    connection.prepare(sql.as_bytes())?;
    let mut statement = Prepared::default();
    complete(connection, || connection.prepared(&mut statement)).await?;
    Ok(statement)
}

fn values(answer: Answer) -> Rows {
    match answer {
        Answer::Rows(_, rows) => rows,
        Answer::Done(outcome) => panic!("no rows: {outcome:?}"),
    }
}

fn some(texts: &[&str]) -> Vec<Option<String>> {
    texts.iter().map(|text| Some((*text).to_owned())).collect()
}

#[tokio::test]
async fn a_query_gives_columns_and_rows() {
    for options in [tcp(), unix()] {
        let connection = open(options).await;
        assert!(connection.descriptor().is_some());
        let got = query(&connection, "SELECT 1 AS one, NULL AS nothing, 'a\u{e9}' AS `text`").await.unwrap();
        let names = ["one", "nothing", "text"].map(str::to_owned).to_vec();
        assert_eq!(got, Answer::Rows(names, vec![vec![Some("1".into()), None, Some("a\u{e9}".into())]]));
        assert_eq!(connection.phase(), Phase::Idle);
        connection.ping().unwrap();
        let pong = answer(&connection, &mut Columns::default()).await.unwrap();
        assert!(matches!(pong, Answer::Done(_)));
    }
}

#[tokio::test]
async fn changes_report_rows_and_keys() {
    let connection = open(unix()).await;
    query(&connection, "CREATE TEMPORARY TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, n INT)").await.unwrap();
    let got = query(&connection, "INSERT INTO t (n) VALUES (1), (2), (3)").await.unwrap();
    assert_eq!(got, Answer::Done(Outcome { affected_rows: 3, last_insert_id: 1, more: false }));
    for end in ["ROLLBACK", "COMMIT"] {
        query(&connection, "BEGIN").await.unwrap();
        query(&connection, "UPDATE t SET n = 9").await.unwrap();
        query(&connection, end).await.unwrap();
        let sum = values(query(&connection, "SELECT SUM(n) FROM t").await.unwrap());
        assert_eq!(sum, [some(&[if end == "COMMIT" { "27" } else { "6" }])]);
    }
}

#[tokio::test]
async fn the_servers_errors_leave_the_session_usable() {
    let connection = open(tcp()).await;
    let error = query(&connection, "SELEC 1").await.unwrap_err();
    assert_eq!((error.code, &error.state, error.os), (1064, b"42000", None));
    let error = prepare(&connection, "SELECT * FROM nowhere").await.unwrap_err();
    assert_eq!((error.code, &error.state), (1146, b"42S02"));
    assert_eq!(values(query(&connection, "SELECT 2").await.unwrap()), [some(&["2"])]);
    // An error in the middle of the rows.
    let error = query(&connection, "SELECT seq, IF(seq < 2000, 1, (SELECT 1 UNION SELECT 2)) FROM seq_1_to_4000").await;
    assert_eq!(error.unwrap_err().code, 1242);
    assert_eq!(values(query(&connection, "SELECT 3").await.unwrap()), [some(&["3"])]);
}

#[tokio::test]
async fn typed_rows_come_from_prepared_statements() {
    let connection = open(tcp()).await;
    query(
        &connection,
        "CREATE TEMPORARY TABLE t (a TINYINT, b SMALLINT UNSIGNED, c MEDIUMINT, d INT UNSIGNED, e BIGINT, f BIGINT UNSIGNED, \
         g FLOAT, h DOUBLE, i DECIMAL(6,2), j DATE, k DATETIME(3), l TIME, m YEAR, n BLOB, o VARCHAR(9))",
    )
    .await
    .unwrap();
    query(
        &connection,
        "INSERT INTO t VALUES (-1, 65535, -8388608, 4294967295, -9223372036854775808, 18446744073709551615, 0.5, -2.25, 1.5, \
         '2020-02-29', '2020-02-29 01:02:03.4', '-100:00:01', 1999, x'00ff', 'x'), \
         (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)",
    )
    .await
    .unwrap();
    let mut statement = prepare(&connection, "SELECT * FROM t WHERE ? = 1").await.unwrap();
    assert_eq!((statement.parameters, statement.columns.len()), (1, 15));
    for _ in 0..2 {
        let version = statement.columns.version();
        let mut execute = Execute::new(connection.buffer(), statement.id, 1);
        execute.int(1);
        connection.execute(execute).unwrap();
        let rows = values(answer(&connection, &mut statement.columns).await.unwrap());
        let first = [
            "i-1",
            "i65535",
            "i-8388608",
            "i4294967295",
            "i-9223372036854775808",
            "u18446744073709551615",
            "f0.5",
            "d-2.25",
            "1.50",
            "2020-02-29",
            "2020-02-29 01:02:03.400",
            "-100:00:01",
            "1999",
            "\u{0}\u{fffd}",
            "x",
        ];
        assert_eq!(rows, [some(&first), vec![None; 15]]);
        assert_eq!(statement.columns.version(), version, "the columns are those of the preparation");
    }
    connection.forget(statement.id);
    let mut statement = prepare(&connection, "SELECT ?, ?, ?, ?").await.unwrap();
    let mut execute = Execute::new(connection.buffer(), statement.id, 4);
    execute.null();
    execute.double(1.5);
    execute.bytes(b"it's");
    execute.int(-3);
    connection.execute(execute).unwrap();
    let rows = values(answer(&connection, &mut statement.columns).await.unwrap());
    assert_eq!(rows, [vec![None, Some("d1.5".into()), Some("it's".into()), Some("i-3".into())]]);
    let left = values(query(&connection, "SHOW SESSION STATUS LIKE 'Com_stmt_close'").await.unwrap());
    assert_eq!(left, [some(&["Com_stmt_close", "1"])]);
}

#[tokio::test]
async fn a_procedure_gives_several_results() {
    let connection = open(tcp()).await;
    query(&connection, "CREATE OR REPLACE PROCEDURE several() BEGIN SELECT 1; SELECT 2; END").await.unwrap();
    let columns = &mut Columns::default();
    connection.query(b"CALL several()").unwrap();
    for expected in ["1", "2"] {
        assert_eq!(values(answer(&connection, columns).await.unwrap()), [some(&[expected])]);
        assert_eq!(connection.phase(), Phase::QueryMore);
        let busy = connection.query(b"SELECT 1").unwrap_err();
        assert_eq!(busy.code, libc::EINPROGRESS as u32);
    }
    assert!(matches!(answer(&connection, columns).await.unwrap(), Answer::Done(_)));
    assert_eq!(connection.phase(), Phase::Idle);
    query(&connection, "DROP PROCEDURE several").await.unwrap();
}

#[tokio::test]
async fn megabytes_go_both_ways() {
    let connection = open(tcp()).await;
    for megabytes in [1, 17, 40] {
        let long = "x".repeat(megabytes << 20);
        let rows = values(
            query(&connection, &format!("SELECT LENGTH('{long}'), REPEAT('y', {megabytes} << 20)")).await.unwrap(),
        );
        assert_eq!(rows[0][0].as_deref(), Some(&*(megabytes << 20).to_string()));
        assert!(rows[0][1].as_ref().unwrap() == &"y".repeat(megabytes << 20));
        let mut statement = prepare(&connection, "SELECT ?").await.unwrap();
        let mut execute = Execute::new(connection.buffer(), statement.id, 1);
        execute.bytes(long.as_bytes());
        connection.execute(execute).unwrap();
        let rows = values(answer(&connection, &mut statement.columns).await.unwrap());
        assert!(rows[0][0].as_ref().unwrap() == &long);
    }
    let rows = values(query(&connection, "SELECT seq FROM seq_1_to_20000").await.unwrap());
    assert!(rows.len() == 20000 && rows[19999] == some(&["20000"]));
}

#[tokio::test]
async fn logins_that_fail_say_why() {
    let attempt = async |options: Options| {
        let connection = Connection::default();
        let error = connection.open(&options).await.unwrap_err();
        assert!(!connection.is_open() && connection.phase() == Phase::Closed);
        assert_eq!(connection.query(b"SELECT 1").unwrap_err(), Error::not_connected());
        error
    };
    let error = attempt(Options { password: b"wrong".to_vec(), ..tcp() }).await;
    assert!(error.to_string().starts_with("SQLSTATE[28000] [1045] Access denied for user"), "{error}");
    let error = attempt(Options { database: b"nowhere".to_vec(), ..tcp() }).await;
    assert_eq!(error.code, 1049);
    let error = attempt(Options { endpoint: Endpoint::Tcp("127.0.0.1".into(), 1), ..tcp() }).await;
    assert_eq!(error, Error::connecting(libc::ECONNREFUSED));
    let error = attempt(Options { endpoint: Endpoint::Unix("/nowhere/socket".into()), ..tcp() }).await;
    assert_eq!(error, Error::connecting(libc::ENOENT));
    let error = attempt(Options { endpoint: Endpoint::Tcp("no.such.host.invalid".into(), 1), ..tcp() }).await;
    assert_eq!(error, Error::unresolved());
}

#[tokio::test]
async fn an_empty_password_and_a_switched_plugin_log_in() {
    let connection = open(tcp()).await;
    query(&connection, "CREATE OR REPLACE USER nobody@'%' IDENTIFIED BY ''").await.unwrap();
    let other = open(Options { user: b"nobody".to_vec(), password: Vec::new(), database: Vec::new(), ..tcp() }).await;
    assert!(values(query(&other, "SELECT CURRENT_USER()").await.unwrap())[0] == some(&["nobody@%"]));
    query(&connection, "CREATE OR REPLACE USER key@'%' IDENTIFIED VIA ed25519 USING PASSWORD('x')").await.ok();
    query(&connection, "DROP USER nobody@'%'").await.unwrap();
}

/// A server of the test's own: accepts once, sends `greeting`, and hands over what happens next.
async fn fake(greeting: &'static [u8]) -> (Options, tokio::task::JoinHandle<tokio::net::TcpStream>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let accepted = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.write_all(greeting).await.unwrap();
        stream
    });
    (Options { endpoint: Endpoint::Tcp("127.0.0.1".into(), port), ..tcp() }, accepted)
}

const GREETING: &[u8] =
    b"\x47\0\0\0\x0a5.0\0\x01\0\0\0abcdefgh\0\x08\x82\x2d\x02\0\x08\0\x15\0\0\0\0\0\0\0\0\0\0ijklmnopqrst\0\
                          mysql_native_password\0";

#[tokio::test]
async fn a_server_that_is_not_mysql_is_refused() {
    for nonsense in [&b"-ERR unknown command\r\n"[..], b"\x05\0\0\0\x0a5.0\0", b"\0\0\0\0", b"\x01\0\0\0\x09"] {
        let (options, accepted) = fake(nonsense).await;
        let connection = Connection::default();
        let timeout = Some(Duration::from_millis(300));
        let error = connection.open(&Options { timeout, ..options }).await.unwrap_err();
        assert!(error.code == Error::MALFORMED || error == Error::connecting(libc::ETIMEDOUT), "{error}");
        assert!(!connection.is_open());
        drop(accepted);
    }
}

#[tokio::test]
async fn a_silent_server_times_out() {
    let (options, accepted) = fake(b"").await;
    let connection = Connection::default();
    let error = connection.open(&Options { timeout: Some(Duration::from_millis(50)), ..options }).await.unwrap_err();
    assert_eq!(error, Error::connecting(libc::ETIMEDOUT));
    drop(accepted);
}

#[tokio::test]
async fn a_server_that_goes_away_mid_response_is_noticed() {
    assert_eq!(GREETING.len(), 0x47 + 4);
    for part in [&b""[..], b"\x01\0\0\x01\x01", b"\x05\0\0\x01\x01"] {
        let (options, accepted) = fake(GREETING).await;
        let connection = Connection::default();
        let serve = async {
            let mut stream = accepted.await.unwrap();
            let mut buffer = [0; 4096];
            assert!(stream.read(&mut buffer).await.unwrap() > 40);
            stream.write_all(b"\x07\0\0\x02\0\0\0\x02\0\0\0").await.unwrap();
            let length = stream.read(&mut buffer).await.unwrap();
            assert_eq!(&buffer[..length], b"\x09\0\0\0\x03SELECT 1");
            stream.write_all(part).await.unwrap();
        };
        let ask = async {
            connection.open(&options).await.unwrap();
            query(&connection, "SELECT 1").await.unwrap_err()
        };
        let (error, ()) = tokio::join!(ask, serve);
        assert_eq!(error, Error::gone(None));
        assert!(!connection.is_open());
        assert_eq!(connection.query(b"SELECT 1").unwrap_err(), Error::not_connected());
    }
}

/// What a server says and expects when it knows the password by SHA-256.
const SHA2_GREETING: &[u8] = b"\x47\0\0\0\x0a8.0\0\x01\0\0\0abcdefgh\0\x08\x82\x2d\x02\0\x08\0\x15\0\0\0\0\0\0\0\0\0\0\
                               ijklmnopqrst\0caching_sha2_password\0";

async fn read_packet(stream: &mut tokio::net::TcpStream) -> Vec<u8> {
    let mut header = [0; 4];
    stream.read_exact(&mut header).await.unwrap();
    let mut payload = vec![0; usize::from(header[0]) | usize::from(header[1]) << 8];
    stream.read_exact(&mut payload).await.unwrap();
    payload
}

#[tokio::test]
async fn sha2_passwords_are_proved_by_hash_or_under_the_servers_key() {
    // A key of 2048 bits, made for this test.
    const KEY: &str = include_str!("mysql-public-key.pem");
    for full in [false, true] {
        let (options, accepted) = fake(SHA2_GREETING).await;
        let connection = Connection::default();
        let serve = async {
            let mut stream = accepted.await.unwrap();
            let login = read_packet(&mut stream).await;
            assert!(login.windows(33).any(|window| window[0] == 32), "a proof of 32 bytes");
            assert!(login.ends_with(b"caching_sha2_password\0"));
            let mut sequence = 2;
            if full {
                stream.write_all(b"\x02\0\0\x02\x01\x04").await.unwrap();
                assert_eq!(read_packet(&mut stream).await, [2]);
                let mut key = vec![(KEY.len() + 1) as u8, ((KEY.len() + 1) >> 8) as u8, 0, 4, 1];
                key.extend_from_slice(KEY.as_bytes());
                stream.write_all(&key).await.unwrap();
                assert_eq!(read_packet(&mut stream).await.len(), 256, "the password under the key");
                sequence = 6;
            } else {
                stream.write_all(b"\x02\0\0\x02\x01\x03").await.unwrap();
                sequence += 1;
            }
            stream.write_all(&[7, 0, 0, sequence, 0, 0, 0, 2, 0, 0, 0]).await.unwrap();
        };
        let (opened, ()) = tokio::join!(connection.open(&options), serve);
        opened.unwrap();
        assert_eq!(connection.phase(), Phase::Idle);
    }
}

#[tokio::test]
async fn a_killed_session_is_gone() {
    for options in [tcp(), unix()] {
        let killer = open(unix()).await;
        let victim = open(options).await;
        let id = values(query(&victim, "SELECT CONNECTION_ID()").await.unwrap())[0][0].clone().unwrap();
        query(&killer, &format!("KILL {id}")).await.unwrap();
        let error = query(&victim, "SELECT 1").await.unwrap_err();
        assert_eq!(error, Error::gone(None));
    }
}

#[tokio::test]
async fn a_deadline_closes_the_connection() {
    let connection = open(tcp()).await;
    connection.query(b"SELECT SLEEP(2)").unwrap();
    let error = connection.fill(Some(Instant::now() + Duration::from_millis(30))).await.unwrap_err();
    assert_eq!(error, Error::gone(Some(libc::ETIMEDOUT)));
    assert_eq!(connection.phase(), Phase::Closed);
}

#[tokio::test]
async fn a_dropped_wait_closes_the_connection() {
    let connection = open(tcp()).await;
    connection.query(b"SELECT SLEEP(2)").unwrap();
    tokio::select! {
        biased;
        _ = connection.fill(None) => panic!("no answer can be here"),
        () = tokio::task::yield_now() => {}
    }
    assert!(!connection.is_open() && !connection.is_waiting());
}

#[tokio::test]
async fn closing_wakes_who_waits() {
    let local = tokio::task::LocalSet::new();
    local
        .run_until(async {
            let connection = Rc::new(open(tcp()).await);
            connection.query(b"SELECT SLEEP(2)").unwrap();
            let waiting = Rc::clone(&connection);
            let waiter = tokio::task::spawn_local(async move { waiting.fill(None).await });
            while !connection.is_waiting() {
                tokio::task::yield_now().await;
            }
            assert_eq!(connection.idle().unwrap_err().code, libc::EINPROGRESS as u32);
            connection.close();
            assert_eq!(waiter.await.unwrap().unwrap_err(), Error::connecting(libc::ECANCELED));
        })
        .await;
}

#[test]
fn a_connection_outlives_the_runtime_it_was_made_in() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for options in [tcp(), unix()] {
        let connection = runtime().block_on(open(options));
        for _ in 0..2 {
            let rows = runtime().block_on(async { values(query(&connection, "SELECT 1").await.unwrap()) });
            assert_eq!(rows, [some(&["1"])]);
        }
    }
}
