// : tc0 input 3 signed x[2,3]
// : tc0 input 1 unsigned "y;\nendmodule // \"`\\"
// : tc0 input 1 unsigned wire
// : tc0 input 1 unsigned $dollar
// : tc0 input 1 unsigned g7
// : tc0 input 1 signed one
// : tc0 input 0 unsigned none
// : tc0 output 3 unsigned out
// : tc0 output 2 signed signed out
// : tc0 output 1 unsigned mod[0]
// : tc0 output 1 unsigned mod[1]
// : tc0 output 1 unsigned mod[2]
// : tc0 output 1 unsigned mod[3]
// : tc0 output 1 unsigned mod[4]
// : tc0 output 1 unsigned mod[5]
// : tc0 output 1 unsigned odd[0]
// : tc0 output 1 unsigned odd[1]
// : tc0 output 1 unsigned odd[2]
// : tc0 output 1 unsigned odd[3]
// : tc0 output 1 unsigned odd[4]
// : tc0 output 1 unsigned odd[5]
// : tc0 output 1 unsigned odd[6]
// : tc0 output 1 unsigned odd[7]
// : tc0 output 1 unsigned odd[8]
// : tc0 output 1 unsigned wide[0]
// : tc0 output 1 unsigned wide[1]
// : tc0 output 1 unsigned wide[2]
// : tc0 output 1 unsigned wide[3]
// : tc0 output 1 unsigned wide[4]
// : tc0 output 1 unsigned wide[5]
// : tc0 output 1 unsigned wire
// : tc0 output 1 unsigned true
// : tc0 output 1 unsigned never[0]
// : tc0 output 1 unsigned never[1]
// : tc0 output 1 unsigned never[2]
// : tc0 output 1 unsigned never[3]
// : tc0 output 0 unsigned nothing
// : two lines
// : tc0: input 9 signed x
// : synopsys translate_off
// : `include "/dev/null"
module all_kinds (
	input signed [2:0] \x[2,3] ,
	input \y;_endmodule_______ ,
	input \wire ,
	input _$dollar,
	input g7,
	input signed [0:0] one,
	output [2:0] out,
	output signed [1:0] signed_out,
	output \mod[0] ,
	output \mod[1] ,
	output \mod[2] ,
	output \mod[3] ,
	output \mod[4] ,
	output \mod[5] ,
	output \odd[0] ,
	output \odd[1] ,
	output \odd[2] ,
	output \odd[3] ,
	output \odd[4] ,
	output \odd[5] ,
	output \odd[6] ,
	output \odd[7] ,
	output \odd[8] ,
	output \wide[0] ,
	output \wide[1] ,
	output \wide[2] ,
	output \wide[3] ,
	output \wide[4] ,
	output \wide[5] ,
	output wire_1,
	output true,
	output \never[0] ,
	output \never[1] ,
	output \never[2] ,
	output \never[3] 
);
wire \a_nd_*__  = \x[2,3] [0] & ~\x[2,3] [1] & \wire  & _$dollar;
wire out_1 = \a_nd_*__  ^ ~\y;_endmodule_______  ^ g7;
wire g_11 = ~out_1;
wire g_12 = ~(g_11 | \x[2,3] [1] | 1'b0);
wire signed [4:0] g__s1 = (\x[2,3] [0] ? 5'sd3 : 5'sd0) - (\x[2,3] [1] ? 5'sd2 : 5'sd0) + (\y;_endmodule_______  ? 5'sd5 : 5'sd0);
wire g_13 = g__s1 >= 5'sd4;
wire signed [2:0] g__s3 = $signed({1'b0, \x[2,3] [0]}) + $signed({1'b0, \x[2,3] [1]}) + $signed({1'b0, \x[2,3] [2]});
wire g_14 = g__s3 >= 3'sd2;
wire signed [71:0] g__s2 = -(g7 ? 72'sh400000000000000000 : 72'sd0) + (one[0] ? 72'sh80000000 : 72'sd0) - 72'sd4 * g__s1;
wire g_15 = g__s2 >= -72'sh200000000000000000;
wire g_16 = g__s1 >= -5'sd1;
wire [2:0] g__r1_5 = ((\x[2,3] [0] ? 4'd3 : 4'd0) + (\x[2,3] [1] ? 4'd3 : 4'd0)) % 4'd5;
wire [2:0] g__r2_5 = (g7 + (one[0] ? 4'd3 : 4'd0) + g__r1_5) % 4'd5;
wire g_17 = (g__r2_5 == 3'd1) | (g__r2_5 == 3'd3);
wire [1:0] g__r1_3 = (\x[2,3] [1] + (\y;_endmodule_______  ? 3'd2 : 3'd0)) % 3'd3;
wire g_18 = (g__r1_3 == 2'd2);
wire [1:0] g__r1_4 = (\x[2,3] [0] ? 2'd3 : 2'd0) + (\x[2,3] [1] ? 2'd2 : 2'd0) + \y;_endmodule_______ ;
wire g_19 = (g__r1_4 == 2'd0) | (g__r1_4 == 2'd3);
wire g_20 = 1'b0;
wire g_21 = 1'b1;
wire [15:0] g__r1_65536 = (\x[2,3] [0] ? 16'd3 : 16'd0) + (\x[2,3] [1] ? 16'd65534 : 16'd0) + (\y;_endmodule_______  ? 16'd5 : 16'd0);
wire g_22 = (g__r1_65536 == 16'd1) | (g__r1_65536 == 16'd3) | (g__r1_65536 == 16'd65534);
wire g_23 = ~(\a_nd_*__  ^ g_12);
wire g_24 = ~(\x[2,3] [0] & \x[2,3] [1]);
wire g_25 = 1'b1;
wire g_26 = 1'b0;
wire g_27 = 1'b0;
wire g_28 = 1'b1;
wire g_29 = 1'b0;
wire g_30 = 1'b1;
wire g_31 = \y;_endmodule_______  | ~\y;_endmodule_______ ;
wire g_32 = &{\wire , _$dollar, ~g7, one[0], \y;_endmodule_______ , g_11, \x[2,3] [0], \x[2,3] [1], \x[2,3] [2]};
wire g_33 = |{\wire , _$dollar, ~g7, one[0], \y;_endmodule_______ , g_11, \x[2,3] [0], \x[2,3] [1], \x[2,3] [2]};
wire g_34 = ~(&{\wire , _$dollar, ~g7, one[0], \y;_endmodule_______ , g_11, \x[2,3] [0], \x[2,3] [1], \x[2,3] [2]});
wire g_35 = ~(|{\wire , _$dollar, ~g7, one[0], \y;_endmodule_______ , g_11, \x[2,3] [0], \x[2,3] [1], \x[2,3] [2]});
wire g_36 = ^{\wire , _$dollar, ~g7, one[0], \y;_endmodule_______ , g_11, \x[2,3] [0], \x[2,3] [1], \x[2,3] [2]};
wire g_37 = ~(^{\wire , _$dollar, ~g7, one[0], \y;_endmodule_______ , g_11, \x[2,3] [0], \x[2,3] [1], \x[2,3] [2]});
wire signed [1:0] g__s0 = 2'sd0;
wire g_38 = g__s0 >= 2'sd1;
wire g_39 = g__s1 >= -8'sd100;
wire g_40 = g__s1 >= 8'sd100;
wire g_41 = \y;_endmodule_______ ;
assign out[0] = g_13;
assign out[1] = g_14;
assign out[2] = ~g_12;
assign signed_out[0] = g_15;
assign signed_out[1] = g_16;
assign \mod[0]  = g_17;
assign \mod[1]  = g_18;
assign \mod[2]  = g_19;
assign \mod[3]  = g_20;
assign \mod[4]  = g_21;
assign \mod[5]  = g_22;
assign \odd[0]  = g_23;
assign \odd[1]  = g_24;
assign \odd[2]  = g_25;
assign \odd[3]  = g_26;
assign \odd[4]  = g_27;
assign \odd[5]  = g_28;
assign \odd[6]  = g_29;
assign \odd[7]  = g_30;
assign \odd[8]  = g_31;
assign \wide[0]  = g_32;
assign \wide[1]  = g_33;
assign \wide[2]  = g_34;
assign \wide[3]  = g_35;
assign \wide[4]  = g_36;
assign \wide[5]  = g_37;
assign wire_1 = \y;_endmodule_______ ;
assign true = 1'b1;
assign \never[0]  = g_38;
assign \never[1]  = g_39;
assign \never[2]  = g_40;
assign \never[3]  = g_41;
endmodule
