package io.softq4j.graph.backend;

/**
 * What a GPU can execute, as NVIDIA numbers it: 9.0 is Hopper, 8.9 Ada.
 *
 * @param major generation; machine code runs on its own generation only
 * @param minor revision
 */
public record ComputeCapability(int major, int minor) implements Comparable<ComputeCapability> {

    /** Reads {@code 8.6}. */
    public static ComputeCapability parse(String text) {
        String[] parts = text.strip().split("\\.");
        if (parts.length != 2) {
            throw new IllegalArgumentException("'" + text + "' is no compute capability, such as 8.6");
        }
        return new ComputeCapability(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
    }

    @Override
    public int compareTo(ComputeCapability other) {
        return major != other.major ? Integer.compare(major, other.major) : Integer.compare(minor, other.minor);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
