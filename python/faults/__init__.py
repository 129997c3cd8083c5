"""What a build leaves behind when it is killed, starved, misled or run twice."""
