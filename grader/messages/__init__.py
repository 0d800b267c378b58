"""What students are told: exceptions and problems as sentences, and the page of one student in words."""
