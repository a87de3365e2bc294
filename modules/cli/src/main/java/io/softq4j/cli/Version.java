package io.softq4j.cli;

import picocli.CommandLine.IVersionProvider;

/** {@code softq --version}: from the jar's manifest. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[] {"softq4j " + text()};
    }

    /** The Maven version, or "development" when run from class files. */
    static String text() {
        String version = Softq.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
