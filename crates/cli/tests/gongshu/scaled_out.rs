//! A district on a cluster of processes: a scheduler and two executors that read the vault from a bucket and know each
//! other by certificates. Its products answer as in process, refuse as in process, and outlive an executor.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::served::{Client, Reply, Served, calls_path, example_call};
use crate::store::{PLACE, Server, Store};

const GONGSHU: &str = env!("CARGO_BIN_EXE_gongshu");
/// How often a call is tried while the cluster finds out that a member is gone, and the pause between.
const TRIES_MAX: usize = 120;
const PAUSE: Duration = Duration::from_millis(500);

/// A member that ends with the test.
struct Member(Child);

impl Member {
    /// Starts one and waits until it says that it is there.
    fn start(data: &Path, environment: &[(String, String)], arguments: &[&str]) -> Self {
        let mut command = Command::new(GONGSHU);
        command.args(["cluster"]).args(arguments).arg("--data").arg(data);
        let child = command.envs(environment.iter().cloned()).stdout(Stdio::piped()).spawn();
        let mut member = Self(child.unwrap());
        let said = member.0.stdout.take().unwrap();
        let mut lines = std::io::BufRead::lines(std::io::BufReader::new(said));
        let told = lines.next().and_then(Result::ok).unwrap_or_default();
        assert!(
            told.contains("scheduling on") || told.contains("executing on"),
            "{told}"
        );
        member
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        // One that was killed needs no ending.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// A scheduler and two executors, and what they share.
struct Scaled {
    folder: TempDir,
    _scheduler: Member,
    executors: Vec<Member>,
}

impl Scaled {
    fn start(data: &Path, environment: &[(String, String)]) -> Self {
        let folder = tempfile::tempdir_in("/dev/shm").unwrap();
        certify(data);
        let scheduler = free_address();
        let settings = format!(
            "scheduler = \"{scheduler}\"\npartitions = 4\n[tls]\nauthority = \"cluster-ca.pem\"\n\
             certificate = \"member.pem\"\nkey = \"member.key\"\n"
        );
        std::fs::write(data.join("cluster.toml"), settings).unwrap();
        let scheduling = Member::start(data, &[], &["scheduler", "--listen", &scheduler]);
        let executor = |number: usize| {
            let work = folder.path().join(number.to_string()).display().to_string();
            let arguments = ["executor", "--tasks", "2", "--listen", &free_address(), "--work", &work];
            Member::start(data, environment, &arguments)
        };
        let executors = (0..2).map(executor).collect();
        Self {
            folder,
            _scheduler: scheduling,
            executors,
        }
    }

    /// How many files of intermediate results are or were made in the folder of an executor.
    fn stages(&self, number: usize) -> PathBuf {
        self.folder.path().join(number.to_string()).join("stages")
    }
}

fn free_address() -> String {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .to_string()
}

/// An authority of the cluster alone, and the certificate that its members show each other.
fn certify(data: &Path) {
    let openssl = |arguments: &[&str]| {
        let made = Command::new("openssl")
            .current_dir(data)
            .args(arguments)
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    };
    let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    let authority = [
        "req",
        "-x509",
        "-subj",
        "/CN=cluster",
        "-days",
        "30",
        "-keyout",
        "cluster-ca.key",
        "-out",
        "cluster-ca.pem",
    ];
    openssl(&[&authority[..], &key].concat());
    let request = [
        "req",
        "-subj",
        "/CN=member",
        "-keyout",
        "member.key",
        "-out",
        "member.csr",
    ];
    openssl(&[&request[..], &key].concat());
    std::fs::write(data.join("names"), "subjectAltName=DNS:cluster.gongshu\n").unwrap();
    let issued = [
        "x509",
        "-req",
        "-in",
        "member.csr",
        "-CA",
        "cluster-ca.pem",
        "-CAkey",
        "cluster-ca.key",
        "-days",
        "30",
    ];
    openssl(&[&issued[..], &["-extfile", "names", "-out", "member.pem"]].concat());
}

/// What each product answers or refuses, by name.
async fn told(machine: &Client) -> Vec<(String, Value)> {
    let products = machine.get("products").await.ok()["items"].clone();
    let mut all = Vec::new();
    for product in products.as_array().unwrap() {
        let reply = machine.post(&calls_path(product), &example_call(product)).await.json();
        let said = if reply["answer"].is_null() {
            &reply["code"]
        } else {
            &reply["answer"]
        };
        all.push((product["name"].as_str().unwrap().to_owned(), said.clone()));
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_of_processes_answers_as_one_process_does_and_outlives_an_executor() {
    let store = Server::start(Store::Good);
    let environment = store.settings();
    let mut served = Served::start_with(None, &["--vault", PLACE], environment.clone());
    served.consent().await;
    let alone = told(&served.machine().await).await;
    assert!(alone.iter().any(|(_, said)| said["rows"].is_array()), "{alone:?}");
    assert!(
        alone.iter().any(|(_, said)| said.is_string()),
        "one is refused: {alone:?}"
    );

    served.kill();
    std::fs::write(served.data().join("limits.toml"), "[query]\nseconds_max = 5\n").unwrap();
    let mut scaled = Scaled::start(&served.data(), &environment);
    served.restart();
    let machine = served.machine().await;
    assert_eq!(told(&machine).await, alone);
    let worked = (0..2).filter(|number| std::fs::read_dir(scaled.stages(*number)).unwrap().next().is_some());
    assert!(worked.count() > 0, "the cluster computed");

    // A member is lost: until the scheduler knows, a call may fail and say so; no answer is another.
    drop(scaled.executors.pop());
    let product = "空气质量日均指标";
    let expected = &alone.iter().find(|(name, _)| name == product).unwrap().1;
    let product = machine.named("products", product).await;
    for tries in 0.. {
        assert!(
            tries < TRIES_MAX,
            "the cluster does not go on with the executor that is left"
        );
        let reply = machine.post(&calls_path(&product), &example_call(&product)).await;
        if reply.status.is_success() {
            assert_eq!(&reply.json()["answer"], expected);
            break;
        }
        is_an_outage(&reply);
        tokio::time::sleep(PAUSE).await;
    }

    // Nobody is left who computes: the caller is told so, and is not at fault.
    scaled.executors.clear();
    let reply = machine.post(&calls_path(&product), &example_call(&product)).await;
    is_an_outage(&reply);
    served.kill();
    served.audit().unwrap();
}

fn is_an_outage(reply: &Reply) {
    let problem = reply.json();
    assert_eq!(
        (reply.status.as_u16(), &problem["code"]),
        (503, &"cluster.unavailable".into()),
        "{}",
        reply.text
    );
    assert!(
        problem["detail"].as_str().unwrap().contains("计算集群"),
        "{}",
        reply.text
    );
}
