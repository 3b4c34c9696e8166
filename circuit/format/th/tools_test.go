package th
