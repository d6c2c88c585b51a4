module org.example.consumer {
  requires io.github.selectors4j;
  requires jdk.net; // for SelectableChannels
}
