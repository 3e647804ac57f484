fn main() -> std::process::ExitCode {
    soyuznik::cli::main()
}
