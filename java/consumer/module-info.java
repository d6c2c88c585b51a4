module org.example.consumer {
  requires io.github.selectors4j;
}
