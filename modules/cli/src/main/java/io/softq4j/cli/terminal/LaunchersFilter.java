package io.softq4j.cli.terminal;

import java.util.concurrent.TimeUnit;

/** The process through which the launcher lets standard error pass, to take the JVM's line about the Vector API out of it. */
public final class LaunchersFilter {

    private static final int SECONDS = 2;

    private LaunchersFilter() {
    }

    /** Ends standard error and waits until all of it has gone through, so that who reads it after this process has ended reads all. */
    public static void drain() {
        Long process = Long.getLong("softq.stderr");
        if (process != null) {
            System.err.close();
            ProcessHandle.of(process).ifPresent(filter -> filter.onExit().orTimeout(SECONDS, TimeUnit.SECONDS).exceptionally(e -> null).join());
        }
    }
}
