package io.softq4j.cli;
@picocli.CommandLine.Command(name = "doctor")
final class DoctorCommand implements Runnable { public void run() { throw new io.softq4j.common.UserError("x"); } }
