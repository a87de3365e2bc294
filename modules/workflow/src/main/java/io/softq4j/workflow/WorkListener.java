package io.softq4j.workflow;

/** Where the progress of long work is shown: a bar on a terminal, a widget of an application, nowhere. */
@FunctionalInterface
public interface WorkListener {

    /** Shows nothing. */
    WorkListener NONE = (name, total, unit) -> new Work() {
        @Override
        public void add(long more) {
        }

        @Override
        public void skip(long less) {
        }

        @Override
        public void finish() {
        }

        @Override
        public void close() {
        }
    };

    /** Begins to show a piece of work. @param total in {@code unit}; the work is done when so much has been added */
    Work begin(String name, long total, String unit);

    /** The same progress, whose work runs {@code goingOn} at each of its steps: what that throws ends it. */
    static WorkListener until(Runnable goingOn, WorkListener progress) {
        return (name, total, unit) -> {
            Work work = progress.begin(name, total, unit);
            return new Work() {
                @Override
                public void add(long more) {
                    work.add(more);
                    goingOn.run();
                }

                @Override
                public void skip(long less) {
                    work.skip(less);
                }

                @Override
                public void finish() {
                    work.finish();
                }

                @Override
                public void close() {
                    work.close();
                }
            };
        };
    }

    /** One piece of work. Whatever a method throws ends the work itself, so an application can stop it here. */
    interface Work extends AutoCloseable {

        /** So much more is done. */
        void add(long more);

        /** So much of what was announced will not have to be done. */
        void skip(long less);

        /** The work is done, though it was less than announced. */
        void finish();

        @Override
        void close();
    }
}
