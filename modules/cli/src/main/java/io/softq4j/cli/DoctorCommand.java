package io.softq4j.cli;

import io.softq4j.cli.doctor.Check;
import io.softq4j.cli.doctor.Check.Verdict;
import io.softq4j.cli.doctor.Doctor;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code softq doctor}. */
@Command(name = "doctor", mixinStandardHelpOptions = true, versionProvider = Version.class,
        header = "Shows whether softq4j runs on this machine, on what, and how fast.",
        description = "%nLooks at Java, CPU, threads, memory, the ND4J backend and its BLAS, the native libraries, "
                + "GPUs and disk, and multiplies two matrices.%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  softq doctor",
            "  softq doctor --json                 for a bug report or a script",
            "  SOFTQ_BACKEND=cuda softq doctor     would the GPU be used",
            "",
            "Exit code 2 if anything is marked ✗."
        })
final class DoctorCommand implements Callable<Integer> {

    @Mixin
    private JsonResults results;

    @Spec
    private CommandSpec spec;

    private DoctorCommand() {
    }

    @Override
    public Integer call() {
        List<Check> checks = new Doctor().examine();
        PrintWriter out = spec.commandLine().getOut();
        results.put("softq4j", Version.text());
        results.put("checks", checks);
        out.println("softq4j " + Version.text());
        for (Check check : checks) {
            out.printf(Locale.ROOT, "%s %-13s %s%n", check.verdict().sign(), check.name(), check.value());
            if (!check.advice().isEmpty()) {
                out.printf(Locale.ROOT, "  %-13s -> %s%n", "", check.advice());
            }
        }
        return checks.stream().anyMatch(c -> c.verdict() == Verdict.BAD) ? Errors.USER : 0;
    }
}
