package io.softq4j.benchmark;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Memory of this process as Linux counts it ({@code proc(5)}, {@code /proc/self/status}), bytes.
 *
 * @param peak      VmHWM: most that was resident since the start or {@link #resetPeak}
 * @param anonymous RssAnon: resident and not of a file
 * @param heap      what the JVM has committed for Java objects
 */
public record ProcessMemory(long peak, long anonymous, long heap) {

    /** Memory now. */
    public static ProcessMemory now() throws IOException {
        return parse(Files.readString(Path.of("/proc/self/status")), ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getCommitted());
    }

    static ProcessMemory parse(String status, long heap) {
        return new ProcessMemory(field(status, "VmHWM"), field(status, "RssAnon"), heap);
    }

    private static long field(String status, String name) {
        String line = status.lines().filter(l -> l.startsWith(name + ":")).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no " + name + " in /proc/self/status"));
        return Long.parseLong(line.substring(name.length() + 1).replace("kB", "").strip()) * 1024;
    }

    /** Frees what only loading needed, and lets {@link #peak} begin anew. */
    public static void resetPeak() throws IOException {
        System.gc();
        Files.writeString(Path.of("/proc/self/clear_refs"), "5");
    }

    /** Resident memory that is not the Java heap; exact where the heap is touched as a whole at the start. */
    public long outsideHeap() {
        return anonymous - heap;
    }
}
