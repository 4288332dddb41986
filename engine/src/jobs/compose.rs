//! Docker Compose: which files make a project, and the words of a call.

use std::path::Path;

/// A project of Docker Compose, with files that may be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Project {
    /// The setting that has its name.
    pub(super) name: &'static str,
    /// The files of its services, later ones over earlier ones.
    pub(super) files: Vec<String>,
    /// Further files, with the services that jobs run in.
    pub(super) job_files: Vec<String>,
}

/// The project that is called `mode`, of the project root `root`; `None` if there is none.
pub(super) fn project(mode: &str, root: &Path) -> Option<Project> {
    let (name, files, job_files): (_, &[&str], &[&str]) = match mode {
        "local" => (
            "LOCAL_PROJECT_NAME",
            &[
                "local/docker-compose.yml",
                "local/docker-compose.prod.yml",
                "local/docker-compose.override.yml",
                "local/docker-compose.prod.override.yml",
            ],
            &[
                "local/docker-compose.jobs.yml",
                "local/docker-compose.jobs.override.yml",
            ],
        ),
        "dev" => (
            "DEV_PROJECT_NAME",
            &[
                "local/docker-compose.yml",
                "dev/docker-compose.yml",
                "local/docker-compose.override.yml",
                "dev/docker-compose.override.yml",
            ],
            &[
                "local/docker-compose.jobs.yml",
                "dev/docker-compose.jobs.yml",
                "local/docker-compose.jobs.override.yml",
                "dev/docker-compose.jobs.override.yml",
            ],
        ),
        _ => return None,
    };
    let in_env = |files: &[&str]| {
        let paths = files.iter().map(|file| root.join("env").join(file));
        paths.map(|path| path.display().to_string()).collect()
    };
    Some(Project {
        name,
        files: in_env(files),
        job_files: in_env(job_files),
    })
}

/// What follows `docker compose`, to do `command` with the project called `name`. Files that are not there are left out.
pub(super) fn call(
    name: &str,
    files: &[&str],
    command: &[&str],
    is_there: impl Fn(&str) -> bool,
) -> Vec<String> {
    let mut words = options(files, is_there);
    words.extend(["--project-name", name].map(str::to_owned));
    words.extend(command.iter().map(|word| (*word).to_owned()));
    words
}

/// The command that runs `script` in the container that the jobs of `service` have, on a terminal or not.
pub(super) fn task(
    job_files: &[&str],
    service: &str,
    script: &str,
    on_terminal: bool,
    is_there: impl Fn(&str) -> bool,
) -> Vec<String> {
    let mut words = options(job_files, is_there);
    words.extend(["run", "--rm"].map(str::to_owned));
    if !on_terminal {
        words.push(String::from("-T"));
    }
    words.push(format!("{service}-job"));
    words.extend(["sh", "-e", "-c", script].map(str::to_owned));
    words
}

fn options(files: &[&str], is_there: impl Fn(&str) -> bool) -> Vec<String> {
    let files = files.iter().filter(|file| is_there(file));
    files
        .flat_map(|file| [String::from("-f"), (*file).to_owned()])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_are_not_there_are_left_out() {
        let project = project("local", Path::new("/r")).unwrap();
        let files: Vec<&str> = project.files.iter().map(String::as_str).collect();
        let is_there = |file: &str| !file.contains("override");
        let words = call("name", &files, &["stop"], is_there).join(" ");
        let wanted = "-f /r/env/local/docker-compose.yml -f /r/env/local/docker-compose.prod.yml --project-name name stop";
        assert_eq!(words, wanted);
    }

    #[test]
    fn a_task_without_a_terminal_says_so() {
        let words = |on_terminal| task(&["/j"], "lms", "a b", on_terminal, |_| true);
        let wanted = [
            "-f", "/j", "run", "--rm", "-T", "lms-job", "sh", "-e", "-c", "a b",
        ];
        assert_eq!(words(false), wanted);
        assert!(!words(true).contains(&String::from("-T")));
    }

    #[test]
    fn a_cluster_is_no_project_of_compose() {
        assert_eq!(project("k8s", Path::new("/r")), None);
    }
}
