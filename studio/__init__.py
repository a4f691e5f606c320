"""What the doors share: settings, services once per process, jobs, flows through several rooms."""
