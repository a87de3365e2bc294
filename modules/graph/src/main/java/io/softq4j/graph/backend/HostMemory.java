package io.softq4j.graph.backend;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** Memory of this machine that tensors can have. */
public final class HostMemory {

    private static final Path MEMINFO = Path.of("/proc/meminfo");

    private HostMemory() {
    }

    /** Bytes that can be had without swapping: on Linux also those of the file cache, in a container at most what its limit leaves. */
    public static long available() {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long free = system.getFreeMemorySize();
        try {
            long kilobytes = Files.readAllLines(MEMINFO).stream().filter(line -> line.startsWith("MemAvailable:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).findFirst().orElse(0);
            // the bean knows the limit of a container, and meminfo the machine's file cache
            return Math.min(Math.max(free, kilobytes * 1024), system.getTotalMemorySize());
        } catch (IOException e) {
            return free;
        }
    }
}
