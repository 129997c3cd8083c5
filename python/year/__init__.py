"""A simulated year: a real build each night over a CRM that grows, changes its past and fails."""
